package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.engine.onnx.OnnxIo.ZipMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a sequence of maps into two tensors: the scores by row, and the labels of their columns. */
final class ZipMapTensors {
  private final ZipMap output;
  private final List<Map<?, ?>> rows = new ArrayList<>();
  private final List<Object> labels;

  ZipMapTensors(ZipMap output, OnnxSequence sequence) throws OrtException {
    this.output = output;
    // Of an empty sequence the runtime knows no element type, and cannot read it.
    if (sequence.getInfo().length > 0) {
      for (OnnxValue row : sequence.getValue()) {
        try (OnnxMap map = (OnnxMap) row) {
          rows.add(map.getValue());
        }
      }
    }
    labels = output.labels().isEmpty() ? ascending(rows) : output.labels();
  }

  private static List<Object> ascending(List<Map<?, ?>> rows) {
    return rows.isEmpty() ? List.of() : List.copyOf(new TreeMap<>(rows.getFirst()).keySet());
  }

  /** {@code buffers} takes what must be closed. */
  Tensor scores(List<TensorBuffer> buffers) {
    TensorBuffer buffer =
        TensorBuffer.allocate(Math.multiplyExact(rows.size() * Float.BYTES, labels.size()));
    buffers.add(buffer);
    for (Map<?, ?> row : rows) {
      for (Object label : labels) {
        buffer.data().putFloat(row.get(label) instanceof Float score ? score : 0f);
      }
    }
    buffer.data().flip();
    return new Tensor(
        output.name(), DataType.FP32, Shape.of(rows.size(), labels.size()), buffer.data());
  }

  /** {@code buffers} takes what must be closed. */
  Tensor classes(List<TensorBuffer> buffers) {
    TensorBuffer buffer;
    if (output.labelType() == DataType.BYTES) {
      buffer = Strings.write(labels.stream().map(String::valueOf).toArray(String[]::new));
    } else {
      buffer = TensorBuffer.allocate(labels.size() * Long.BYTES);
      labels.forEach(label -> buffer.data().putLong((Long) label));
      buffer.data().flip();
    }
    buffers.add(buffer);
    return new Tensor(
        output.classesName(), output.labelType(), Shape.of(labels.size()), buffer.data());
  }
}
