package dev.slipway.serving.wire;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.predict.InferenceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The raw form of tensors in Triton's binary extension and in gRPC's raw contents: little-endian, row-major. */
final class RawTensors {
  private RawTensors() {}

  static void check(String name, DataType datatype, Shape shape, int count, ByteBuffer raw)
      throws InferenceException {
    if (datatype == DataType.BYTES) {
      checkStrings(name, shape, count, raw.duplicate().order(ByteOrder.LITTLE_ENDIAN));
      return;
    }
    long expected = (long) count * datatype.elementSize();
    if (raw.remaining() != expected) {
      throw InferenceException.badInput("input '" + name + "': " + datatype + " of shape " + shape
          + " takes " + expected + " bytes, got " + raw.remaining());
    }
    if (datatype == DataType.BOOL) {
      checkBooleans(name, raw);
    }
  }

  private static void checkBooleans(String name, ByteBuffer raw) throws InferenceException {
    for (int i = 0; i < raw.remaining(); i++) {
      byte value = raw.get(raw.position() + i);
      if (value != 0 && value != 1) {
        throw InferenceException.badInput("input '" + name + "', element " + i
            + ": a BOOL byte is 0 or 1, got " + Byte.toUnsignedInt(value));
      }
    }
  }

  private static void checkStrings(String name, Shape shape, int count, ByteBuffer raw)
      throws InferenceException {
    for (int i = 0; i < count; i++) {
      if (raw.remaining() < Integer.BYTES) {
        throw InferenceException.badInput("input '" + name + "': shape " + shape + " takes " + count
            + " elements, the data ends after " + i);
      }
      int length = raw.getInt();
      if (length < 0 || length > raw.remaining()) {
        throw InferenceException.badInput("input '" + name + "', element " + i + ": its length is "
            + Integer.toUnsignedString(length) + " bytes, " + raw.remaining() + " are left");
      }
      raw.position(raw.position() + length);
    }
    if (raw.hasRemaining()) {
      throw InferenceException.badInput("input '" + name + "': " + raw.remaining()
          + " bytes follow after the last of " + count + " elements");
    }
  }
}
