package dev.slipway.serving.predict;

import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.predict.InferenceException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/**
 * Puts requests of one version together that arrive while it is busy. Who finds a slot free runs at once and alone: nobody waits
 * for company. Who finds none waits; the run that ends hands its slot to the eldest, who takes along all who wait with the same
 * tensors in the same shapes but for the rows. One of them runs for all: the one with the latest deadline, so that no deadline
 * ends a run that another still has time for.
 */
final class Batcher {
  private final BatchMeters meters;
  private final IntFunction<TensorBuffer> allocator;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<BatchMember> waiting = new ArrayDeque<>();
  private int running;

  Batcher(BatchMeters meters) {
    this(meters, TensorBuffer::allocate);
  }

  Batcher(BatchMeters meters, IntFunction<TensorBuffer> allocator) {
    this.meters = meters;
    this.allocator = allocator;
  }

  /**
   * How far it may go.
   *
   * @param slots runs at the same time
   * @param queue requests that may wait
   * @param rows the most rows of one run
   */
  record Limits(int slots, int queue, int rows) {}

  /** One run of the model. */
  @FunctionalInterface
  interface Run {
    LoadedModel.Outputs of(BatchInputs inputs, Set<String> outputs, long deadlineNanos)
        throws PredictException, InferenceException;
  }

  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs the request, alone or among others. The caller closes the answer before the request.
   *
   * @throws InferenceException BUSY when too many wait already, DEADLINE when its turn did not come in time
   */
  LoadedModel.Outputs run(InferenceRequest request, Limits limits, long deadline, Run run)
      throws PredictException, InferenceException {
    var me = new BatchMember(request, deadline, lock.newCondition());
    enter(me, limits);
    if (me.isLeader()) {
      try {
        return lead(me, run);
      } finally {
        handOver(limits.rows());
      }
    }
    LoadedModel.Outputs answer = me.answer();
    return answer != null ? answer : alone(me, run);
  }

  private void enter(BatchMember me, Limits limits) throws InferenceException {
    lock.lock();
    try {
      if (running < limits.slots() && waiting.isEmpty()) {
        running++;
        me.lead(List.of(me));
        return;
      }
      if (waiting.size() >= limits.queue()) {
        throw new InferenceException(
            Kind.BUSY,
            "too many requests: " + waiting.size() + " wait for this model; try again in a second");
      }
      long began = System.nanoTime();
      waiting.add(me);
      me.await(waiting);
      meters.waited(me.takenAt() - began);
    } finally {
      lock.unlock();
    }
  }

  private LoadedModel.Outputs lead(BatchMember me, Run run)
      throws PredictException, InferenceException {
    List<BatchMember> members = me.members();
    meters.ran(members.size());
    if (members.size() == 1) {
      return alone(me, run);
    }
    BatchAnswer answer;
    try (BatchInputs inputs =
        BatchInputs.of(members.stream().map(BatchMember::request).toList(), allocator)) {
      settle(() -> members.forEach(BatchMember::copied));
      answer = BatchAnswer.of(run.of(inputs, me.request().outputs(), me.deadline()), inputs.rows());
    } catch (PredictException | InferenceException | RuntimeException | Error e) {
      // Somebody's input may have spoilt it for all, or there was no memory for all together: each
      // tries again for itself.
      // Also after an Error, for nobody else would ever wake those who wait.
      settle(() -> members.forEach(BatchMember::tryAlone));
      return alone(me, run);
    }
    settle(() -> {
      for (int i = 0; i < members.size(); i++) {
        members.get(i).give(answer.part(i));
      }
    });
    return me.answer();
  }

  private static LoadedModel.Outputs alone(BatchMember me, Run run)
      throws PredictException, InferenceException {
    InferenceRequest request = me.request();
    return run.of(BatchInputs.alone(request), request.outputs(), me.deadline());
  }

  private void settle(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

  /** Gives the slot to the next batch, or back. */
  private void handOver(int rows) {
    lock.lock();
    try {
      List<BatchMember> next = next(rows);
      if (next.isEmpty()) {
        running--;
        return;
      }
      BatchMember leader = next.getFirst();
      for (BatchMember member : next) {
        member.taken();
        if (member.deadline() - leader.deadline() > 0) {
          leader = member;
        }
      }
      leader.lead(next);
    } finally {
      lock.unlock();
    }
  }

  private List<BatchMember> next(int maxRows) {
    BatchMember first = waiting.poll();
    if (first == null) {
      return List.of();
    }
    List<BatchMember> batch = new ArrayList<>(List.of(first));
    long rows = first.rows();
    Iterator<BatchMember> others = waiting.iterator();
    while (others.hasNext() && rows < maxRows) {
      BatchMember other = others.next();
      if (rows + other.rows() <= maxRows && other.fits(first)) {
        batch.add(other);
        rows += other.rows();
        others.remove();
      }
    }
    return batch;
  }
}
