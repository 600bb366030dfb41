package dev.slipway.serving.engine.djl;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;

/** The datatypes that libtorch and the protocols have in common. */
final class TorchTypes {
  private TorchTypes() {}

  static Optional<DataType> torch(dev.slipway.common.tensor.DataType type) {
    return Optional.ofNullable(
        switch (type) {
          case BOOL -> DataType.BOOLEAN;
          case UINT8 -> DataType.UINT8;
          case INT8 -> DataType.INT8;
          case INT32 -> DataType.INT32;
          case INT64 -> DataType.INT64;
          case FP16 -> DataType.FLOAT16;
          case BF16 -> DataType.BFLOAT16;
          case FP32 -> DataType.FLOAT32;
          case FP64 -> DataType.FLOAT64;
          case INT16, UINT16, UINT32, UINT64, BYTES -> null;
        });
  }
}
