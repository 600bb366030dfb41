package dev.slipway.serving.predict;

import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.fleet.ServableHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

/**
 * Requests that one event loop has read in one turn, run together at its end. Nobody waits for company: the loop has them before it
 * comes to the first one's run. One that came alone runs as it would without this. Of one event loop: not thread-safe.
 */
public final class LoopBatch {
  private final Predictor predictor;
  private final Executor loop;
  private final IntFunction<TensorBuffer> allocator;
  private List<Member> pending = new ArrayList<>();

  /**
   * @param loop runs what it is given on this event loop, after what was read in the same turn
   */
  public LoopBatch(Predictor predictor, Executor loop) {
    this(predictor, loop, TensorBuffer::allocate);
  }

  LoopBatch(Predictor predictor, Executor loop, IntFunction<TensorBuffer> allocator) {
    this.predictor = predictor;
    this.loop = loop;
    this.allocator = allocator;
  }

  /** A request that is told once how it went on. None of this throws. */
  public interface Member {
    Prepared prepared();

    /** Its part of the answer, which is the member's to close. */
    void answered(LoadedModel.Outputs part);

    /** It is to run for itself. */
    void alone();
  }

  /** Takes a request whose version {@link Predictor#runsTogether}. */
  public void add(Member member) {
    if (pending.isEmpty()) {
      loop.execute(this::runAll);
    }
    pending.add(member);
  }

  private void runAll() {
    List<Member> left = pending;
    pending = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Member> batch = new ArrayList<>(left.size());
      List<Member> others = new ArrayList<>();
      divide(left, batch, others);
      run(batch);
      left = others;
    }
  }

  /** Into the first with all who may go with it, and the rest. */
  private void divide(List<Member> all, List<Member> batch, List<Member> others) {
    Prepared first = all.getFirst().prepared();
    long rows = 0;
    long most = predictor.batchRows(first.handle());
    for (Member member : all) {
      Prepared one = member.prepared();
      long more = Companions.rows(one.request());
      boolean goes = one == first
          || (rows + more <= most
              && more > 0
              && sameVersion(one.handle(), first.handle())
              && Companions.fit(one.request(), first.request()));
      (goes ? batch : others).add(member);
      rows += goes ? (more > 0 ? more : most) : 0;
    }
  }

  /** And for the same part: who is on trial goes in by a gate of its own. */
  private static boolean sameVersion(ServableHandle one, ServableHandle two) {
    return one.version() == two.version()
        && one.isOnTrial() == two.isOnTrial()
        && one.model().equals(two.model())
        && one.digest().equals(two.digest());
  }

  private void run(List<Member> batch) {
    Prepared first = batch.getFirst().prepared();
    predictor.waited(first.handle(), waited(batch));
    if (batch.size() == 1) {
      batch.getFirst().alone();
      return;
    }
    BatchAnswer answer = together(batch);
    if (answer == null) {
      batch.forEach(Member::alone);
      return;
    }
    long now = System.nanoTime();
    for (int i = 0; i < batch.size(); i++) {
      give(batch.get(i), answer.part(i), now);
    }
  }

  /** All their nanoseconds until now since each could have run. */
  private static long waited(List<Member> batch) {
    long now = System.nanoTime();
    long waited = 0;
    for (Member member : batch) {
      waited += now - member.prepared().times().ready();
    }
    return waited;
  }

  /** Null when there was no room, or somebody's input may have spoilt it for all: each is to try for itself. */
  private BatchAnswer together(List<Member> batch) {
    Prepared last = batch.getFirst().prepared();
    List<InferenceRequest> requests = new ArrayList<>(batch.size());
    for (Member member : batch) {
      Prepared one = member.prepared();
      requests.add(one.request());
      last = one.deadline() - last.deadline() > 0 ? one : last;
    }
    try (BatchInputs inputs = BatchInputs.of(requests, allocator)) {
      LoadedModel.Outputs whole =
          predictor.runNow(last.handle(), inputs, last.request().outputs(), last.deadline());
      if (whole == null) {
        return null;
      }
      predictor.batchMeters(last.handle()).ran(batch.size());
      return BatchAnswer.of(whole, inputs.rows());
    } catch (PredictException | RuntimeException | Error e) {
      return null;
    }
  }

  /** The one with the latest deadline ran for all; who is late by now has a run of its own to say so, or to let another answer. */
  private static void give(Member member, LoadedModel.Outputs part, long now) {
    if (member.prepared().deadline() - now > 0) {
      member.answered(part);
    } else {
      part.close();
      member.alone();
    }
  }
}
