package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The inputs of one run as the runtime's tensors, over the callers' memory where the datatype has a fixed size. */
final class OnnxFeeds implements AutoCloseable {
  private final Map<String, OnnxTensor> tensors;

  private OnnxFeeds(int count) {
    tensors = HashMap.newHashMap(count);
  }

  static OnnxFeeds of(OnnxRuntimeAccess runtime, List<Tensor> inputs)
      throws OrtException, PredictException {
    var feeds = new OnnxFeeds(inputs.size());
    try {
      for (Tensor input : inputs) {
        feeds.tensors.put(input.name(), runtime.tensor(input));
      }
      return feeds;
    } catch (OrtException | PredictException | RuntimeException | Error e) {
      feeds.close();
      throw e;
    }
  }

  Map<String, OnnxTensor> map() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
  }
}
