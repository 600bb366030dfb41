package dev.slipway.serving.predict;

import dev.slipway.serving.engine.BatchableModel;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.predict.InferenceException.Kind;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs requests on loaded versions: check, admit, run, record. Thread-safe. It may block, except for a version that
 * {@link #mayRunInline} has just said yes to.
 */
@Singleton
public class Predictor {
  private final Lanes lanes;
  private final RunLimits limits;
  private final Deadlines deadlines;
  private final int cores = Runtime.getRuntime().availableProcessors();

  /** For long runs: native code does not give its carrier back, and two of them would stop every virtual thread. */
  private final ExecutorService platform = Executors.newCachedThreadPool(
      Thread.ofPlatform().daemon().name("predict-", 0).factory());

  Predictor(Lanes lanes, PredictConfig config, RunLimits limits) {
    this.lanes = lanes;
    this.limits = limits;
    this.deadlines = new Deadlines(lanes, config.deadline());
  }

  @PreDestroy
  void stop() {
    platform.shutdownNow();
  }

  /** Whether the version answers so fast, and is so free, that the event loop itself may run it. */
  public boolean mayRunInline(ServableHandle handle) {
    if (!lanes.of(handle).pace().isTiny()) {
      return false;
    }
    Gate gate = gate(handle);
    return gate.waiting() == 0 && gate.running() < limits.concurrency(handle.settings());
  }

  /** Whether requests of the version that may run inline are to go through a {@link LoopBatch}. */
  public boolean runsTogether(ServableHandle handle) {
    return limits.batchRows(handle) > 1;
  }

  /**
   * Checks the request.
   *
   * @param arrived when all of the request was there, by {@link System#nanoTime}: its deadline counts from then
   * @param taken when the reading of it began
   * @throws InferenceException when it does not fit
   */
  public Prepared prepare(ServableHandle handle, InferenceRequest request, long arrived, long taken)
      throws InferenceException {
    var check = new SignatureCheck(handle.loaded().signature());
    check.inputs(request.inputs());
    check.outputs(request.outputs());
    long deadline = deadlines.of(handle, request.timeoutMicros(), arrived);
    InferenceRequest fitting = Widening.of(handle.loaded().signature(), request);
    var times = new Prepared.Times(arrived, taken, System.nanoTime());
    return new Prepared(handle, fitting, deadline, times);
  }

  /**
   * Runs the model on a request. The caller closes the answer, and then the request.
   *
   * @throws InferenceException when its deadline has passed, there is no room, or the run fails
   */
  public InferenceResponse run(Prepared prepared) throws InferenceException {
    if (prepared.deadline() - System.nanoTime() <= 0) {
      throw new InferenceException(Kind.DEADLINE, "the deadline passed before the model was asked");
    }
    try {
      return prepared.answer(outputs(prepared.handle(), prepared.request(), prepared.deadline()));
    } catch (PredictException e) {
      throw InferenceException.of(e);
    }
  }

  /** On an event loop it must not wait; there {@link LoopBatch} puts together what came together. */
  private LoadedModel.Outputs outputs(
      ServableHandle handle, InferenceRequest request, long deadline)
      throws PredictException, InferenceException {
    int rows = limits.batchRows(handle);
    if (rows <= 1) {
      return admit(handle, BatchInputs.alone(request), request.outputs(), deadline);
    }
    if (!Thread.currentThread().isVirtual()) {
      lanes.of(handle).batchMeters().ran(1);
      return admit(handle, BatchInputs.alone(request), request.outputs(), deadline);
    }
    Gate.Limits room = limits.gate(handle.settings());
    return lanes
        .of(handle)
        .batcher()
        .run(
            request,
            new Batcher.Limits(Math.min(cores, room.concurrency()), room.queue(), rows),
            deadline,
            (inputs, outputs, until) -> admit(handle, inputs, outputs, until));
  }

  /**
   * Runs the model now, for several at once.
   *
   * @return null when there is no room now
   */
  LoadedModel.Outputs runNow(
      ServableHandle handle, BatchInputs inputs, Set<String> outputs, long deadline)
      throws PredictException {
    Gate gate = gate(handle);
    if (!gate.tryEnter(limits.gate(handle.settings()))) {
      return null;
    }
    try {
      return paced(handle, lanes.of(handle), inputs, outputs, new RunControl(deadline));
    } finally {
      gate.exit();
    }
  }

  /** Where the sizes of the version's batches are counted. */
  BatchMeters batchMeters(ServableHandle handle) {
    return lanes.of(handle).batchMeters();
  }

  /** Requests that were read have waited for the others of their turn. */
  void waited(ServableHandle handle, long nanos) {
    lanes.of(handle).tally().waited(nanos);
  }

  /** The most rows of one run; 1 when requests are to run apart. */
  int batchRows(ServableHandle handle) {
    return limits.batchRows(handle);
  }

  private LoadedModel.Outputs admit(
      ServableHandle handle, BatchInputs inputs, Set<String> outputs, long deadline)
      throws PredictException, InferenceException {
    Gate gate = enter(handle, limits.gate(handle.settings()), deadline, inputs.requests());
    try {
      return run(handle, inputs, outputs, new RunControl(deadline));
    } finally {
      gate.exit();
    }
  }

  private Gate gate(ServableHandle handle) {
    return handle.isOnTrial() ? lanes.of(handle).trials() : lanes.gate(handle.model());
  }

  private Gate enter(ServableHandle handle, Gate.Limits room, long deadline, int requests)
      throws InferenceException {
    Gate gate = gate(handle);
    if (gate.tryEnter(room)) {
      return gate;
    }
    long began = System.nanoTime();
    if (!handle.isOnTrial()) {
      gate = lanes.enter(handle.model(), room, deadline);
    } else if (!gate.enter(room, deadline)) {
      throw new IllegalStateException("a gate of trials is never retired");
    }
    waited(handle, requests * (System.nanoTime() - began));
    return gate;
  }

  private LoadedModel.Outputs run(
      ServableHandle handle, BatchInputs inputs, Set<String> outputs, RunControl control)
      throws PredictException, InferenceException {
    Lane lane = lanes.of(handle);
    if (!Thread.currentThread().isVirtual() || !lane.pace().isLong()) {
      return paced(handle, lane, inputs, outputs, control);
    }
    try {
      return platform
          .submit(() -> paced(handle, lane, inputs, outputs, control))
          .get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PredictException failed) {
        throw failed;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new PredictException(
          PredictException.Kind.FAILED, "the model failed on this input", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException(Kind.NOT_READY, "the gateway is stopping");
    }
  }

  /** What counts is the run alone: a request that waits in a crowd would else pass for a slow model, and keep the crowd waiting. */
  private static LoadedModel.Outputs paced(
      ServableHandle handle, Lane lane, BatchInputs inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    long started = System.nanoTime();
    LoadedModel.Outputs answer = handle.loaded().predict(inputs.tensors(), outputs, control);
    long nanos = System.nanoTime() - started;
    lane.pace().observe(nanos);
    lane.tally().ran(batch(handle, inputs.tensors()), inputs.requests(), nanos);
    return answer;
  }

  /** The rows of a request or a run as Triton counts them: one where there are none, or the first dimension is not of rows that may run together. */
  private static int batch(ServableHandle handle, List<Tensor> inputs) {
    return handle.loaded() instanceof BatchableModel model && model.mayBatch()
        ? Math.max(1, (int) inputs.getFirst().shape().dimension(0))
        : 1;
  }

  /**
   * Who answers in the place of a version that failed: nobody, unless it was on trial. Then its caller did not ask for it, and is
   * not to suffer whatever it does, a refusal of what the live version takes included. The failure is counted against it.
   *
   * @return the live version, which the caller closes; null where the failure is the answer, and nothing is counted yet
   */
  public ServableHandle standIn(
      ServableHandle failed, Protocol protocol, long nanos, InferenceException error) {
    ServableHandle live = failed.standIn();
    if (live == null) {
      return null;
    }
    Lane lane = lanes.of(failed);
    lane.count(protocol, Outcome.COVERED, nanos);
    tallyFailure(lane, nanos, error);
    if (Outcome.of(error) == Outcome.BAD_INPUT) {
      failed.refused();
    } else if (error.kind() != Kind.NO_MEMORY || error.getCause() != null) {
      failed.record(nanos, true, false);
    }
    return live;
  }

  /**
   * Records an answered request: for the metrics, the statistics and the replica's report.
   *
   * @param nanos since it was all there
   * @param output of these, what writing the answer took
   */
  public void answered(
      Prepared prepared, Protocol protocol, long nanos, long output, InferenceResponse response) {
    ServableHandle handle = prepared.handle();
    Lane lane = lanes.of(handle);
    lane.count(protocol, Outcome.OK, nanos);
    lane.tally()
        .answered(batch(handle, prepared.request().inputs()), nanos, prepared.times(), output);
    boolean nonFinite = false;
    for (Tensor tensor : response.tensors()) {
      nonFinite |= NonFinite.in(tensor);
    }
    handle.record(nanos, false, nonFinite);
  }

  /**
   * Records a request that failed.
   *
   * @param handle the version that it reached; null when it reached none
   */
  public void failed(
      ServableHandle handle, Protocol protocol, long nanos, InferenceException error) {
    Lane lane = handle == null ? lanes.unserved() : lanes.of(handle);
    lane.count(protocol, Outcome.of(error), nanos);
    tallyFailure(lane, nanos, error);
    if (handle != null && (error.kind() == Kind.FAILED || error.kind() == Kind.DEADLINE)) {
      handle.record(nanos, true, false);
    } else if (handle != null && Outcome.of(error) == Outcome.BAD_INPUT) {
      handle.refused();
    }
  }

  /** What the caller did wrong is no failure of the version's. */
  private static void tallyFailure(Lane lane, long nanos, InferenceException error) {
    switch (Outcome.of(error)) {
      case FAILED, DEADLINE, REJECTED -> lane.tally().failed(nanos);
      default -> {
        // Nothing to count.
      }
    }
  }
}
