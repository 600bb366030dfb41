package dev.slipway.serving.predict;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
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

  BatchMember(InferenceRequest request, long deadline, Condition changed) {
    this.request = request;
    this.deadline = deadline;
    this.rows = rows(request.inputs());
    this.changed = changed;
  }

  /** The first dimension that all inputs share; 0 when they do not. */
  private static long rows(List<Tensor> inputs) {
    long rows = inputs.getFirst().shape().dimension(0);
    for (Tensor input : inputs) {
      if (input.shape().dimension(0) != rows) {
        return 0;
      }
    }
    return rows;
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

  /** Whether both may run together: the same tensors in the same order, the same shapes but for the rows, the same outputs. */
  boolean fits(BatchMember other) {
    List<Tensor> mine = request.inputs();
    List<Tensor> theirs = other.request.inputs();
    if (rows == 0
        || other.rows == 0
        || mine.size() != theirs.size()
        || !request.outputs().equals(other.request.outputs())) {
      return false;
    }
    for (int i = 0; i < mine.size(); i++) {
      Tensor one = mine.get(i);
      Tensor two = theirs.get(i);
      if (!one.name().equals(two.name())
          || one.datatype() != two.datatype()
          || !sameRows(one.shape(), two.shape())) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameRows(Shape one, Shape two) {
    if (one.rank() != two.rank()) {
      return false;
    }
    for (int d = 1; d < one.rank(); d++) {
      if (one.dimension(d) != two.dimension(d)) {
        return false;
      }
    }
    return true;
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
