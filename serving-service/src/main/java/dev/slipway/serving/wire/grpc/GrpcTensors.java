package dev.slipway.serving.wire.grpc;

import com.google.protobuf.ByteString;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors in typed contents. FP16 and BF16 have none: the protocol carries them raw. */
final class GrpcTensors {
  private GrpcTensors() {}

  /** How many elements the contents hold in the field that belongs to the datatype. */
  static int count(DataType datatype, InferTensorContents contents) {
    return switch (datatype) {
      case BOOL -> contents.getBoolContentsCount();
      case INT8, INT16, INT32 -> contents.getIntContentsCount();
      case INT64 -> contents.getInt64ContentsCount();
      case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
      case UINT64 -> contents.getUint64ContentsCount();
      case FP32 -> contents.getFp32ContentsCount();
      case FP64 -> contents.getFp64ContentsCount();
      case BYTES -> contents.getBytesContentsCount();
      case FP16, BF16 -> 0;
    };
  }

  /** How many elements the contents hold in all fields. */
  static long count(InferTensorContents contents) {
    return (long) contents.getBoolContentsCount()
        + contents.getIntContentsCount()
        + contents.getInt64ContentsCount()
        + contents.getUintContentsCount()
        + contents.getUint64ContentsCount()
        + contents.getFp32ContentsCount()
        + contents.getFp64ContentsCount()
        + contents.getBytesContentsCount();
  }

  /** Whether an input has elements in typed contents; a request without inputs has none. */
  static boolean isTyped(ModelInferRequest request) {
    return request.getInputsList().stream().anyMatch(input -> count(input.getContents()) > 0);
  }

  static void read(InferTensorContents contents, TensorSink sink) throws InferenceException {
    int count = count(sink.datatype(), contents);
    for (int i = 0; i < count; i++) {
      switch (sink.datatype()) {
        case BOOL -> sink.putInteger(contents.getBoolContents(i) ? 1 : 0);
        case INT8, INT16, INT32 -> sink.putInteger(inRange(sink, contents.getIntContents(i)));
        case INT64 -> sink.putInteger(contents.getInt64Contents(i));
        case UINT8, UINT16, UINT32 ->
          sink.putInteger(inRange(sink, Integer.toUnsignedLong(contents.getUintContents(i))));
        case UINT64 -> sink.putInteger(contents.getUint64Contents(i));
        case FP32 -> sink.putFloat(contents.getFp32Contents(i));
        case FP64 -> sink.putDouble(contents.getFp64Contents(i));
        case BYTES -> sink.putBytes(contents.getBytesContents(i).toByteArray());
        case FP16, BF16 -> throw new IllegalStateException("no contents of " + sink.datatype());
      }
    }
  }

  private static long inRange(TensorSink sink, long value) throws InferenceException {
    int bits = sink.datatype().elementSize() * Byte.SIZE;
    long least = sink.datatype().isUnsigned() ? 0 : -(1L << (bits - 1));
    long most = least + (1L << bits) - 1;
    if (value < least || value > most) {
      throw InferenceException.badInput("input '" + sink.name() + "', element " + sink.count()
          + ": " + value + " is out of range for " + sink.datatype());
    }
    return value;
  }

  static boolean hasContents(DataType datatype) {
    return datatype != DataType.FP16 && datatype != DataType.BF16;
  }

  static InferTensorContents write(Tensor tensor) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      switch (tensor.datatype()) {
        case BOOL -> contents.addBoolContents(data.get() != 0);
        case INT8 -> contents.addIntContents(data.get());
        case INT16 -> contents.addIntContents(data.getShort());
        case INT32 -> contents.addIntContents(data.getInt());
        case INT64 -> contents.addInt64Contents(data.getLong());
        case UINT8 -> contents.addUintContents(Byte.toUnsignedInt(data.get()));
        case UINT16 -> contents.addUintContents(Short.toUnsignedInt(data.getShort()));
        case UINT32 -> contents.addUintContents(data.getInt());
        case UINT64 -> contents.addUint64Contents(data.getLong());
        case FP32 -> contents.addFp32Contents(data.getFloat());
        case FP64 -> contents.addFp64Contents(data.getDouble());
        case BYTES -> contents.addBytesContents(ByteString.copyFrom(data, data.getInt()));
        case FP16, BF16 -> throw new IllegalStateException("no contents of " + tensor.datatype());
      }
    }
    return contents.build();
  }
}
