package dev.slipway.serving.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes protobuf's wire format. */
public final class Proto {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public static Proto message() {
    return new Proto();
  }

  public Proto varint(int field, long value) {
    raw((long) field << 3);
    raw(value);
    return this;
  }

  public Proto text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public Proto message(int field, Proto value) {
    return bytes(field, value.toBytes());
  }

  public Proto fixed32(int field, float value) {
    raw(((long) field << 3) | 5);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  public Proto bytes(int field, byte[] value) {
    raw(((long) field << 3) | 2);
    raw(value.length);
    out.writeBytes(value);
    return this;
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }

  private void raw(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
