package dev.slipway.serving.predict;

import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.fleet.ServableHandle;

/**
 * A request that fits the version that it is for, with its tensors in that version's datatypes. Closing it gives back what that
 * took; the request itself and the handle stay whose they are.
 */
public final class Prepared implements AutoCloseable {
  private final ServableHandle handle;
  private final InferenceRequest request;
  private final long deadline;
  private final Times times;

  /**
   * When it came so far, by {@link System#nanoTime}.
   *
   * @param arrived all of it was there
   * @param taken somebody began to read it
   * @param ready it could have run
   */
  record Times(long arrived, long taken, long ready) {}

  /**
   * @param request as the model takes it
   * @param deadline by {@link System#nanoTime}
   */
  Prepared(ServableHandle handle, InferenceRequest request, long deadline, Times times) {
    this.handle = handle;
    this.request = request;
    this.deadline = deadline;
    this.times = times;
  }

  ServableHandle handle() {
    return handle;
  }

  InferenceRequest request() {
    return request;
  }

  long deadline() {
    return deadline;
  }

  Times times() {
    return times;
  }

  /** Makes the model's answer to this request what every protocol writes, which closes it. */
  public InferenceResponse answer(LoadedModel.Outputs outputs) {
    try {
      handle.compare(request.inputs(), request.outputs(), outputs.tensors());
      return new InferenceResponse(
          handle.model(), handle.version(), handle.digest(), request.id(), outputs);
    } catch (RuntimeException | Error e) {
      outputs.close();
      throw e;
    }
  }

  @Override
  public void close() {
    request.close();
  }
}
