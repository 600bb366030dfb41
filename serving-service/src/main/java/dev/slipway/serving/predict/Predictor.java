package dev.slipway.serving.predict;

import dev.slipway.common.feed.ServingSettings;
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
  private static final int MIN_CONCURRENCY = 4;

  private final Lanes lanes;
  private final PredictConfig config;
  private final Deadlines deadlines;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final int defaultConcurrency;

  /** For long runs: native code does not give its carrier back, and two of them would stop every virtual thread. */
  private final ExecutorService platform = Executors.newCachedThreadPool(
      Thread.ofPlatform().daemon().name("predict-", 0).factory());

  Predictor(Lanes lanes, PredictConfig config) {
    this.lanes = lanes;
    this.config = config;
    this.deadlines = new Deadlines(lanes, config.deadline());
    this.defaultConcurrency = config.maxConcurrency().orElse(Math.max(MIN_CONCURRENCY, 2 * cores));
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
    return gate.waiting() == 0 && gate.running() < limits(handle.settings()).concurrency();
  }

  /** Whether requests of the version that may run inline are to go through a {@link LoopBatch}. */
  public boolean runsTogether(ServableHandle handle) {
    return batchRows(handle) > 1;
  }

  /**
   * Runs the model. The caller closes the answer, and then the request.
   *
   * @param started when all of the request was there, by {@link System#nanoTime}: its deadline counts from then
   * @throws InferenceException when the request does not fit, there is no room, or the run fails
   */
  public InferenceResponse predict(ServableHandle handle, InferenceRequest request, long started)
      throws InferenceException {
    try (Prepared prepared = prepare(handle, request, started)) {
      return run(prepared);
    }
  }

  /**
   * Checks the request.
   *
   * @param started as {@link #predict} takes it
   * @throws InferenceException when it does not fit
   */
  public Prepared prepare(ServableHandle handle, InferenceRequest request, long started)
      throws InferenceException {
    var check = new SignatureCheck(handle.loaded().signature());
    check.inputs(request.inputs());
    check.outputs(request.outputs());
    long deadline = deadlines.of(handle, request.timeoutMicros(), started);
    return new Prepared(handle, Widening.of(handle.loaded().signature(), request), deadline);
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
    int rows = batchRows(handle);
    if (rows <= 1 || !Thread.currentThread().isVirtual()) {
      return admit(handle, BatchInputs.alone(request), request.outputs(), deadline);
    }
    Gate.Limits limits = limits(handle.settings());
    return lanes
        .of(handle)
        .batcher()
        .run(
            request,
            new Batcher.Limits(Math.min(cores, limits.concurrency()), limits.queue(), rows),
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
    if (!gate.tryEnter(limits(handle.settings()))) {
      return null;
    }
    try {
      Pace pace = lanes.of(handle).pace();
      return paced(handle, pace, inputs.tensors(), outputs, new RunControl(deadline));
    } finally {
      gate.exit();
    }
  }

  /** Where the sizes of the version's batches are counted. */
  BatchMeters batchMeters(ServableHandle handle) {
    return lanes.of(handle).batchMeters();
  }

  /** The most rows of one run; 1 when requests are to run apart. */
  int batchRows(ServableHandle handle) {
    if (!(handle.loaded() instanceof BatchableModel model)) {
      return 1;
    }
    Integer wanted = handle.settings().maxBatchSize();
    if (wanted != null) {
      return model.mayBatch() ? wanted : 1;
    }
    return model.gainsByBatches() ? config.maxBatchSize() : 1;
  }

  private LoadedModel.Outputs admit(
      ServableHandle handle, BatchInputs inputs, Set<String> outputs, long deadline)
      throws PredictException, InferenceException {
    Gate gate = enter(handle, limits(handle.settings()), deadline);
    try {
      return run(handle, inputs.tensors(), outputs, new RunControl(deadline));
    } finally {
      gate.exit();
    }
  }

  private Gate gate(ServableHandle handle) {
    return handle.isOnTrial() ? lanes.of(handle).trials() : lanes.gate(handle.model());
  }

  private Gate enter(ServableHandle handle, Gate.Limits limits, long deadline)
      throws InferenceException {
    if (!handle.isOnTrial()) {
      return lanes.enter(handle.model(), limits, deadline);
    }
    Gate trials = lanes.of(handle).trials();
    if (!trials.enter(limits, deadline)) {
      throw new IllegalStateException("a gate of trials is never retired");
    }
    return trials;
  }

  private LoadedModel.Outputs run(
      ServableHandle handle, List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException, InferenceException {
    Pace pace = lanes.of(handle).pace();
    if (!Thread.currentThread().isVirtual() || !pace.isLong()) {
      return paced(handle, pace, inputs, outputs, control);
    }
    try {
      return platform
          .submit(() -> paced(handle, pace, inputs, outputs, control))
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
      ServableHandle handle,
      Pace pace,
      List<Tensor> inputs,
      Set<String> outputs,
      RunControl control)
      throws PredictException {
    long started = System.nanoTime();
    LoadedModel.Outputs answer = handle.loaded().predict(inputs, outputs, control);
    pace.observe(System.nanoTime() - started);
    return answer;
  }

  private Gate.Limits limits(ServingSettings settings) {
    return new Gate.Limits(
        settings.maxConcurrency() != null ? settings.maxConcurrency() : defaultConcurrency,
        settings.maxQueue() != null ? settings.maxQueue() : config.maxQueue());
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
    lanes.of(failed).count(protocol, Outcome.COVERED, nanos);
    if (Outcome.of(error) == Outcome.BAD_INPUT) {
      failed.refused();
    } else if (error.kind() != Kind.NO_MEMORY || error.getCause() != null) {
      failed.record(nanos, true, false);
    }
    return live;
  }

  /** Records an answered request: for the metrics and the replica's report. */
  public void answered(
      ServableHandle handle, Protocol protocol, long nanos, InferenceResponse response) {
    Lane lane = lanes.of(handle);
    lane.count(protocol, Outcome.OK, nanos);
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
    if (handle != null && (error.kind() == Kind.FAILED || error.kind() == Kind.DEADLINE)) {
      handle.record(nanos, true, false);
    } else if (handle != null && Outcome.of(error) == Outcome.BAD_INPUT) {
      handle.refused();
    }
  }
}
