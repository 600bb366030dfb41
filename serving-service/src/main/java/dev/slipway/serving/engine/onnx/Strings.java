package dev.slipway.serving.engine.onnx;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** BYTES tensors in the protocol's raw form, and the strings of ONNX Runtime, which are UTF-8 and end with a NUL. */
final class Strings {
  private static final int CHECKED_AT_ONCE = 1024;

  private Strings() {}

  /**
   * Pointers to the elements, each with a NUL behind it.
   *
   * @throws PredictException BAD_INPUT when an element is not UTF-8 or holds a NUL
   */
  static MemorySegment terminated(Arena arena, Tensor tensor, int count) throws PredictException {
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    // Every element loses its 4 bytes of length and gains one NUL.
    MemorySegment texts = arena.allocate(Math.max(1, data.remaining()));
    MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, Math.max(1, count));
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer scratch = CharBuffer.allocate(CHECKED_AT_ONCE);
    long at = 0;
    for (int i = 0; i < count; i++) {
      int length = data.getInt();
      ByteBuffer element = data.slice(data.position(), length);
      data.position(data.position() + length);
      requireText(tensor.name(), i, element, decoder, scratch);
      pointers.setAtIndex(ValueLayout.ADDRESS, i, texts.asSlice(at));
      MemorySegment.copy(MemorySegment.ofBuffer(element), 0, texts, at, length);
      texts.set(ValueLayout.JAVA_BYTE, at + length, (byte) 0);
      at += length + 1L;
    }
    return pointers;
  }

  private static void requireText(
      String input, int index, ByteBuffer element, CharsetDecoder decoder, CharBuffer scratch)
      throws PredictException {
    ByteBuffer bytes = element.duplicate();
    decoder.reset();
    var result = decoder.decode(bytes, scratch.clear(), true);
    while (result.isOverflow()) {
      result = decoder.decode(bytes, scratch.clear(), true);
    }
    if (result.isError()) {
      throw new PredictException(
          Kind.BAD_INPUT,
          "input '" + input + "': element " + index
              + " is not UTF-8, and the strings of an ONNX model are");
    }
    for (int i = 0; i < element.remaining(); i++) {
      if (element.get(i) == 0) {
        throw new PredictException(
            Kind.BAD_INPUT,
            "input '" + input + "': element " + index
                + " holds a NUL, which the strings of an ONNX model cannot");
      }
    }
  }

  /** Length-prefixed elements out of one content and the offsets at which they begin. */
  static TensorBuffer raw(MemorySegment content, long bytes, MemorySegment offsets, int count) {
    TensorBuffer buffer =
        TensorBuffer.allocate(Math.toIntExact(bytes + (long) count * Integer.BYTES));
    ByteBuffer data = buffer.data();
    for (int i = 0; i < count; i++) {
      long start = offsets.getAtIndex(ValueLayout.JAVA_LONG, i);
      long end = i + 1 < count ? offsets.getAtIndex(ValueLayout.JAVA_LONG, i + 1) : bytes;
      data.putInt((int) (end - start)).put(content.asSlice(start, end - start).asByteBuffer());
    }
    data.flip();
    return buffer;
  }

  /** Texts in the raw form. */
  static TensorBuffer write(String[] strings) {
    var encoded = new byte[strings.length][];
    long total = 0;
    for (int i = 0; i < strings.length; i++) {
      encoded[i] = strings[i].getBytes(StandardCharsets.UTF_8);
      total += Integer.BYTES + encoded[i].length;
    }
    TensorBuffer buffer = TensorBuffer.allocate(Math.toIntExact(total));
    ByteBuffer data = buffer.data();
    for (byte[] element : encoded) {
      data.putInt(element.length).put(element);
    }
    data.flip();
    return buffer;
  }

  static int count(Shape shape) {
    return Math.toIntExact(shape.elementCount().orElseThrow());
  }
}
