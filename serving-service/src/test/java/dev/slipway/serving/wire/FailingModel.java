package dev.slipway.serving.wire;

import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model every run of which ends with an error of the virtual machine. */
record FailingModel(LoadedModel model, Error error) implements LoadedModel {
  @Override
  public ModelSignature signature() {
    return model.signature();
  }

  @Override
  public Map<String, Object> metadata() {
    return model.metadata();
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control) {
    throw error;
  }

  @Override
  public void close() {
    model.close();
  }
}
