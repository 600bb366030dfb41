package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.engine.onnx.OnnxIo.Plain;
import dev.slipway.serving.engine.onnx.OnnxIo.ZipMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The outputs of one run, and the memory behind them. */
final class OnnxAnswer implements LoadedModel.Outputs {
  private static final ByteBuffer NOTHING =
      ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);

  private final OnnxRuntimeAccess runtime;
  private final OnnxIo io;
  private final Set<String> wanted;
  private final Map<String, OnnxTensor> pinned = new HashMap<>();
  private final Map<String, Tensor> pinnedTensors = new HashMap<>();
  private final List<TensorBuffer> buffers = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();

  OnnxAnswer(OnnxRuntimeAccess runtime, OnnxIo io, Set<String> wanted) {
    this.runtime = runtime;
    this.io = io;
    this.wanted = wanted;
  }

  boolean isWanted(OnnxIo.Output output) {
    return isWanted(output.name())
        || (output instanceof ZipMap zipMap && isWanted(zipMap.classesName()));
  }

  private boolean isWanted(String name) {
    return wanted.isEmpty() || wanted.contains(name);
  }

  /** Gives the output memory of ours to be written into. An output without elements stays with the runtime. */
  void pin(Plain output, Shape shape) {
    DataType datatype = output.port().datatype();
    long bytes = shape.elementCount().orElse(0) * datatype.elementSize();
    if (bytes <= 0 || bytes > Integer.MAX_VALUE) {
      return;
    }
    TensorBuffer buffer = TensorBuffer.allocate((int) bytes);
    buffers.add(buffer);
    var tensor = new Tensor(output.name(), datatype, shape, buffer.data());
    try {
      pinned.put(output.name(), runtime.tensor(tensor));
    } catch (OrtException | PredictException e) {
      throw new IllegalStateException("no tensor over " + bytes + " bytes", e);
    }
    pinnedTensors.put(output.name(), tensor);
  }

  Map<String, OnnxTensor> pinned() {
    return pinned;
  }

  /** The outputs that the runtime must allocate. */
  Set<String> requested() {
    var names = new LinkedHashSet<String>();
    for (OnnxIo.Output output : io.outputs()) {
      if (isWanted(output) && !pinned.containsKey(output.name())) {
        names.add(output.name());
      }
    }
    return names;
  }

  /** Takes over what a run gave, and closes it. */
  void take(OrtSession.Result result) throws OrtException {
    try (result) {
      for (OnnxIo.Output output : io.outputs()) {
        if (!isWanted(output)) {
          continue;
        }
        Tensor written = pinnedTensors.get(output.name());
        if (written != null) {
          tensors.add(written);
          continue;
        }
        OnnxValue value = result.get(output.name()).orElseThrow();
        switch (output) {
          case Plain(OnnxIo.Port port) -> tensors.add(plain(port, (OnnxTensor) value));
          case ZipMap zipMap -> scores(zipMap, (OnnxSequence) value);
        }
      }
    }
  }

  private void scores(ZipMap output, OnnxSequence sequence) throws OrtException {
    var zipMap = new ZipMapTensors(output, sequence);
    if (isWanted(output.name())) {
      tensors.add(zipMap.scores(buffers));
    }
    if (isWanted(output.classesName())) {
      tensors.add(zipMap.classes(buffers));
    }
  }

  private Tensor plain(OnnxIo.Port port, OnnxTensor value) throws OrtException {
    Shape shape = Shape.of(value.getInfo().getShape());
    if (shape.elementCount().orElseThrow() == 0) {
      return new Tensor(
          port.name(), port.datatype(), shape, NOTHING.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }
    if (port.datatype() == DataType.BYTES) {
      TensorBuffer buffer = runtime.values().strings(value, Strings.count(shape));
      buffers.add(buffer);
      return new Tensor(port.name(), DataType.BYTES, shape, buffer.data());
    }
    ByteBuffer data = value.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(port.name(), port.datatype(), shape, data);
  }

  @Override
  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    pinned.values().forEach(OnnxTensor::close);
    buffers.forEach(TensorBuffer::close);
  }
}
