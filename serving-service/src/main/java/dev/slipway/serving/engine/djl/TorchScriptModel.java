package dev.slipway.serving.engine.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.AnswerForm;
import dev.slipway.serving.engine.GeneratedInputs;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.MemoryFailure;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.OwnedOutputs;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A TorchScript module. Inputs are given by position, in the signature's order, and lie in the caller's memory; outputs are copied, for
 * a module may answer its own input. A run cannot be ended: what was late is thrown away.
 */
final class TorchScriptModel implements LoadedModel {
  static final String LIBTORCH = "2.7.1";

  private final Model model;
  private final PtSymbolBlock module;
  private final ModelSignature signature;
  private final Map<String, Object> metadata;

  TorchScriptModel(Model model, ModelSignature signature, Map<String, Object> metadata) {
    this.model = model;
    this.module = (PtSymbolBlock) model.getBlock();
    this.signature = signature;
    this.metadata = Map.copyOf(metadata);
  }

  /**
   * Runs generated inputs, to see that the signature is the module's.
   *
   * @throws ModelLoadException when what it answers is not what the signature says
   */
  void tryOnce() throws ModelLoadException {
    Optional<List<Tensor>> inputs = GeneratedInputs.of(signature);
    if (inputs.isEmpty()) {
      return;
    }
    try (Outputs outputs = predict(inputs.get(), Set.of(), RunControl.UNLIMITED)) {
      for (int i = 0; i < outputs.tensors().size(); i++) {
        TensorSpec spec = signature.outputs().get(i);
        Tensor answer = outputs.tensors().get(i);
        if (!spec.shape().accepts(answer.shape())) {
          throw new ModelLoadException("output '" + spec.name() + "' has shape " + answer.shape()
              + ", the signature says " + spec.shape());
        }
      }
    } catch (PredictException e) {
      throw new ModelLoadException(
          "the module does not run on inputs of its signature: " + e.getMessage(), e);
    }
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  /** As {@code mlflow.pytorch} answers, whose flavor is for modules of one output. */
  @Override
  public AnswerForm answerForm() {
    return signature.outputs().size() == 1 ? AnswerForm.NUMBERED : AnswerForm.NAMED;
  }

  @Override
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    control.requireTime();
    try (var memory = (PtNDManager) model.getNDManager().newSubManager()) {
      List<IValue> arguments = new ArrayList<>();
      try {
        for (TensorSpec spec : signature.inputs()) {
          arguments.add(IValue.from(argument(memory, spec, inputs)));
        }
        try (IValue answer = module.forward(arguments.toArray(IValue[]::new))) {
          control.requireTime();
          return copied(answer.toNDList(memory), outputs);
        }
      } finally {
        arguments.forEach(IValue::close);
      }
    } catch (RuntimeException e) {
      throw MemoryFailure.orFailed(e);
    }
  }

  private static PtNDArray argument(PtNDManager memory, TensorSpec spec, List<Tensor> inputs)
      throws PredictException {
    for (Tensor tensor : inputs) {
      if (tensor.name().equals(spec.name())) {
        return memory.create(
            tensor.data().slice().order(tensor.data().order()),
            new ai.djl.ndarray.types.Shape(tensor.shape().toArray()),
            TorchTypes.torch(spec.datatype()).orElseThrow());
      }
    }
    throw new PredictException(Kind.BAD_INPUT, "missing input '" + spec.name() + "'");
  }

  private Outputs copied(NDList answer, Set<String> wanted) throws PredictException {
    if (answer.size() != signature.outputs().size()) {
      throw new PredictException(
          Kind.FAILED,
          "the model gave " + answer.size() + " outputs, its signature has "
              + signature.outputs().size());
    }
    var copies = new OwnedOutputs();
    try {
      for (int i = 0; i < answer.size(); i++) {
        TensorSpec spec = signature.outputs().get(i);
        if (wanted.isEmpty() || wanted.contains(spec.name())) {
          copy(copies, spec, answer.get(i));
        }
      }
      return copies;
    } catch (PredictException | RuntimeException e) {
      copies.close();
      throw e;
    }
  }

  @Override
  public void close() {
    model.close();
  }

  private static void copy(OwnedOutputs copies, TensorSpec spec, NDArray array)
      throws PredictException {
    if (TorchTypes.torch(spec.datatype()).orElseThrow() != array.getDataType()) {
      throw new PredictException(
          Kind.FAILED,
          "output '" + spec.name() + "' came as " + array.getDataType() + ", the signature says "
              + spec.datatype());
    }
    ByteBuffer from = array.toByteBuffer(true);
    TensorBuffer copy = copies.allocate(from.remaining());
    copy.data().put(from);
    copies.add(spec, Shape.of(array.getShape().getShape()), copy);
  }
}
