package dev.slipway.serving.predict;

import dev.slipway.common.artifact.Digest;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import java.util.List;

/**
 * What every protocol writes. Its tensors are valid until it is closed.
 *
 * @param id the request's id; null when it had none
 */
public record InferenceResponse(
    String model, int version, Digest digest, String id, LoadedModel.Outputs outputs)
    implements AutoCloseable {

  public List<Tensor> tensors() {
    return outputs.tensors();
  }

  @Override
  public void close() {
    outputs.close();
  }
}
