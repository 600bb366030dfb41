package dev.slipway.serving.engine.onnx;

import dev.slipway.serving.engine.RunControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Elements of tensors, little-endian, as the engine takes them. */
final class TestTensors {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private TestTensors() {}

  /** A run that has a minute. */
  static RunControl soon() {
    return new RunControl(System.nanoTime() + MINUTE);
  }

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes)
        .flip();
  }

  static ByteBuffer floats(float... values) {
    ByteBuffer buffer = direct(new byte[values.length * Float.BYTES]);
    for (int i = 0; i < values.length; i++) {
      buffer.putFloat(i * Float.BYTES, values[i]);
    }
    return buffer;
  }

  static ByteBuffer longs(long... values) {
    ByteBuffer buffer = direct(new byte[values.length * Long.BYTES]);
    for (int i = 0; i < values.length; i++) {
      buffer.putLong(i * Long.BYTES, values[i]);
    }
    return buffer;
  }

  /** Strings, as elements of type BYTES. */
  static ByteBuffer raw(String... texts) {
    byte[][] encoded = Arrays.stream(texts)
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
    int size = Arrays.stream(encoded).mapToInt(bytes -> 4 + bytes.length).sum();
    ByteBuffer buffer = direct(new byte[size]);
    for (byte[] bytes : encoded) {
      buffer.putInt(bytes.length).put(bytes);
    }
    return buffer.flip();
  }

  static byte[] copy(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }
}
