package dev.slipway.serving.engine;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Made-up inputs of several rows that differ from each other: floats count up in halves, integers and booleans alternate
 * between 0 and 1, which an index into any table may be. Free dimensions behind the first are 1.
 */
final class RowInputs {
  private static final long MAX_BYTES = 8L << 20;

  private RowInputs() {}

  /** One tensor for each input; empty when they would be large. */
  static Optional<List<Tensor>> of(ModelSignature signature, int rows) {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec spec : signature.inputs()) {
      Shape shape = shape(spec.shape(), rows);
      OptionalLong count = shape.elementCount();
      if (count.isEmpty() || count.getAsLong() > MAX_BYTES / spec.datatype().elementSize()) {
        return Optional.empty();
      }
      tensors.add(new Tensor(
          spec.name(),
          spec.datatype(),
          shape,
          filled(spec.datatype(), (int) count.getAsLong(), rows)));
    }
    return Optional.of(tensors);
  }

  /** One row of each. */
  static List<Tensor> row(List<Tensor> tensors, int row) {
    return tensors.stream()
        .map(tensor -> {
          long[] shape = tensor.shape().toArray();
          int bytes = tensor.data().remaining() / (int) shape[0];
          shape[0] = 1;
          ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
          data.put(tensor.data().slice(row * bytes, bytes)).flip();
          return new Tensor(tensor.name(), tensor.datatype(), Shape.of(shape), data);
        })
        .toList();
  }

  private static Shape shape(Shape declared, int rows) {
    long[] dimensions = declared.toArray();
    for (int i = 1; i < dimensions.length; i++) {
      dimensions[i] = Math.abs(dimensions[i]);
    }
    dimensions[0] = rows;
    return Shape.of(dimensions);
  }

  private static ByteBuffer filled(DataType datatype, int count, int rows) {
    ByteBuffer data =
        ByteBuffer.allocateDirect(count * datatype.elementSize()).order(ByteOrder.LITTLE_ENDIAN);
    int width = Math.max(1, count / rows);
    for (int i = 0; i < count; i++) {
      int row = i / width;
      float value = (row + 1) / 2f + (i % 3);
      switch (datatype) {
        case BOOL, INT8, UINT8 -> data.put((byte) (row % 2));
        case INT16, UINT16 -> data.putShort((short) (row % 2));
        case INT32, UINT32 -> data.putInt(row % 2);
        case INT64, UINT64 -> data.putLong(row % 2);
        case FP16 -> data.putShort(Float.floatToFloat16(value));
        case BF16 -> data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        case FP32 -> data.putFloat(value);
        case FP64 -> data.putDouble(value);
        case BYTES -> throw new IllegalArgumentException("rows of strings are not made up");
      }
    }
    return data.flip();
  }
}
