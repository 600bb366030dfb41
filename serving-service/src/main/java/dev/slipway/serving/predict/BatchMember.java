package dev.slipway.serving.predict;

import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.predict.InferenceException.Kind;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;

/** A request on its way through a {@link Batcher}, under whose lock all of it lies, but for the leader's own reading. */
final class BatchMember {
  private enum State {
    WAITING,
    /** In a batch whose leader still reads its inputs: it must not go away. */
    TAKEN,
    /** In a batch that runs; the answer may come too late. */
    RUNNING,
    LEADER,
    ANSWERED,
    ALONE,
    GONE
  }

  private final InferenceRequest request;
  private final long deadline;
  private final long rows;
  private final Condition changed;
  private State state = State.WAITING;
  private List<BatchMember> members = List.of();
  private LoadedModel.Outputs answer;
  private long takenAt;

  BatchMember(InferenceRequest request, long deadline, Condition changed) {
    this.request = request;
    this.deadline = deadline;
    this.rows = Companions.rows(request);
    this.changed = changed;
  }

  InferenceRequest request() {
    return request;
  }

  long deadline() {
    return deadline;
  }

  long rows() {
    return rows;
  }

  boolean isLeader() {
    return state == State.LEADER;
  }

  List<BatchMember> members() {
    return members;
  }

  /** Whether both may run together. */
  boolean fits(BatchMember other) {
    return rows > 0 && other.rows > 0 && Companions.fit(request, other.request);
  }

  /**
   * Waits until it leads, is answered, or is to run alone.
   *
   * @throws InferenceException DEADLINE, or NOT_READY when the gateway stops
   */
  void await(Deque<BatchMember> queue) throws InferenceException {
    boolean interrupted = false;
    try {
      while (state == State.WAITING || state == State.TAKEN || state == State.RUNNING) {
        long left = deadline - System.nanoTime();
        if (state != State.TAKEN && (left <= 0 || interrupted)) {
          queue.remove(this);
          state = State.GONE;
          throw interrupted
              ? new InferenceException(Kind.NOT_READY, "the gateway is stopping")
              : new InferenceException(
                  Kind.DEADLINE, "the deadline passed while the request waited for the model");
        }
        try {
          var _ = changed.awaitNanos(Math.max(left, 1_000));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void taken() {
    state = State.TAKEN;
    takenAt = System.nanoTime();
  }

  /** When its waiting ended and its batch began, by {@link System#nanoTime}. */
  long takenAt() {
    return takenAt;
  }

  void lead(List<BatchMember> batch) {
    members = batch;
    moveTo(State.LEADER);
  }

  /** Its inputs are read. */
  void copied() {
    if (state == State.TAKEN) {
      moveTo(State.RUNNING);
    }
  }

  /** The batch failed. */
  void tryAlone() {
    if (state == State.TAKEN || state == State.RUNNING) {
      moveTo(State.ALONE);
    }
  }

  /** Its part of the answer, which it closes; whoever is gone does not need it. */
  void give(LoadedModel.Outputs part) {
    if (state == State.GONE) {
      part.close();
      return;
    }
    answer = part;
    if (state != State.LEADER) {
      moveTo(State.ANSWERED);
    }
  }

  /** What came; null when it is to run alone. */
  LoadedModel.Outputs answer() {
    return answer;
  }

  private void moveTo(State next) {
    state = next;
    changed.signal();
  }
}
