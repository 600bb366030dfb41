package dev.slipway.serving.engine.tensorflow;

import dev.slipway.common.tensor.DataType;
import java.util.Optional;

/** The datatypes that Deep Java Library's TensorFlow engine and the protocols have in common. */
final class TensorflowTypes {
  private TensorflowTypes() {}

  /** @param number of TensorFlow's {@code DataType} (types.proto) */
  static Optional<DataType> of(int number) {
    return Optional.ofNullable(
        switch (number) {
          case 1 -> DataType.FP32;
          case 2 -> DataType.FP64;
          case 3 -> DataType.INT32;
          case 4 -> DataType.UINT8;
          case 6 -> DataType.INT8;
          case 7 -> DataType.BYTES;
          case 9 -> DataType.INT64;
          case 10 -> DataType.BOOL;
          default -> null;
        });
  }

  static ai.djl.ndarray.types.DataType djl(DataType type) {
    return switch (type) {
      case BOOL -> ai.djl.ndarray.types.DataType.BOOLEAN;
      case UINT8 -> ai.djl.ndarray.types.DataType.UINT8;
      case INT8 -> ai.djl.ndarray.types.DataType.INT8;
      case INT32 -> ai.djl.ndarray.types.DataType.INT32;
      case INT64 -> ai.djl.ndarray.types.DataType.INT64;
      case FP32 -> ai.djl.ndarray.types.DataType.FLOAT32;
      case FP64 -> ai.djl.ndarray.types.DataType.FLOAT64;
      case BYTES -> ai.djl.ndarray.types.DataType.STRING;
      case INT16, FP16, BF16, UINT16, UINT32, UINT64 ->
        throw new IllegalArgumentException(type + " is not read from a SavedModel");
    };
  }
}
