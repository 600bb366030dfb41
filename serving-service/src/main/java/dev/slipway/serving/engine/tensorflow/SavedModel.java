package dev.slipway.serving.engine.tensorflow;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A SavedModel's signature. Inputs and outputs are copied on their way, for TensorFlow keeps tensors in memory of its own. A run cannot be ended: what was late
 * is thrown away.
 */
final class SavedModel implements LoadedModel {
  private final Model model;
  private final ModelSignature signature;
  private final Map<String, Object> metadata;

  SavedModel(Model model, ModelSignature signature, Map<String, Object> metadata) {
    this.model = model;
    this.signature = signature;
    this.metadata = Map.copyOf(metadata);
  }

  /**
   * Runs generated inputs once.
   *
   * @throws ModelLoadException when the graph breaks on them
   */
  void tryOnce() throws ModelLoadException {
    Optional<List<Tensor>> inputs = GeneratedInputs.of(signature);
    if (inputs.isEmpty()) {
      return;
    }
    try (Outputs outputs = predict(inputs.get(), Set.of(), RunControl.UNLIMITED)) {
      outputs.tensors();
    } catch (PredictException e) {
      throw new ModelLoadException(
          "the SavedModel does not run on inputs of its signature: " + e.getMessage(), e);
    }
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
      throws PredictException {
    control.requireTime();
    try (NDManager memory = model.getNDManager().newSubManager()) {
      var arguments = new NDList();
      for (TensorSpec spec : signature.inputs()) {
        arguments.add(argument(memory, spec, inputs));
      }
      NDList answer = model.getBlock().forward(new ParameterStore(memory, false), arguments, false);
      control.requireTime();
      return copied(answer, outputs);
    } catch (RuntimeException e) {
      throw MemoryFailure.orFailed(e);
    }
  }

  private static NDArray argument(NDManager memory, TensorSpec spec, List<Tensor> inputs)
      throws PredictException {
    for (Tensor tensor : inputs) {
      if (tensor.name().equals(spec.name())) {
        var shape = new ai.djl.ndarray.types.Shape(tensor.shape().toArray());
        if (tensor.shape().elementCount().orElseThrow() == 0) {
          throw new PredictException(
              Kind.BAD_INPUT,
              "input '" + spec.name() + "' is empty, which this engine cannot take");
        }
        // One character a byte, so that bytes of any kind come through as they are.
        NDArray array = spec.datatype() == DataType.BYTES
            ? memory.create(elements(tensor), StandardCharsets.ISO_8859_1, shape)
            : memory.create(
                tensor.data().slice().order(ByteOrder.LITTLE_ENDIAN),
                shape,
                TensorflowTypes.djl(spec.datatype()));
        array.setName(spec.name());
        return array;
      }
    }
    throw new PredictException(Kind.BAD_INPUT, "missing input '" + spec.name() + "'");
  }

  private static String[] elements(Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    var elements = new String[Math.toIntExact(tensor.shape().elementCount().orElseThrow())];
    for (int i = 0; i < elements.length; i++) {
      byte[] element = new byte[data.getInt()];
      data.get(element);
      elements[i] = new String(element, StandardCharsets.ISO_8859_1);
    }
    return elements;
  }

  private Outputs copied(NDList answer, Set<String> wanted) throws PredictException {
    var copies = new OwnedOutputs();
    try {
      for (int i = 0; i < signature.outputs().size(); i++) {
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
    if (TensorflowTypes.djl(spec.datatype()) != array.getDataType()) {
      throw new PredictException(
          Kind.FAILED,
          "output '" + spec.name() + "' came as " + array.getDataType() + ", the signature says "
              + spec.datatype());
    }
    TensorBuffer copy =
        spec.datatype() == DataType.BYTES ? strings(copies, array) : numbers(copies, array);
    copies.add(spec, Shape.of(array.getShape().getShape()), copy);
  }

  private static TensorBuffer numbers(OwnedOutputs copies, NDArray array) {
    ByteBuffer from = array.toByteBuffer();
    TensorBuffer copy = copies.allocate(from.remaining());
    copy.data().put(from);
    return copy;
  }

  private static TensorBuffer strings(OwnedOutputs copies, NDArray array) {
    String[] elements = array.toStringArray(StandardCharsets.ISO_8859_1);
    int bytes = 0;
    for (String element : elements) {
      bytes = Math.addExact(bytes, Integer.BYTES + element.length());
    }
    TensorBuffer copy = copies.allocate(bytes);
    for (String element : elements) {
      copy.data().putInt(element.length());
      copy.data().put(element.getBytes(StandardCharsets.ISO_8859_1));
    }
    return copy;
  }
}
