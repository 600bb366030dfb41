package dev.slipway.serving.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.DataType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The elements of a {@link SavedExample}, little-endian; whatever is not exactly of the datatype does not fit. */
final class SavedElements {
  private static final int BF16_SHIFT = 16;

  private SavedElements() {}

  /** @throws IllegalArgumentException when an element is not of the datatype */
  static ByteBuffer of(DataType datatype, List<JsonNode> elements) {
    if (datatype == DataType.BYTES) {
      return texts(elements);
    }
    ByteBuffer data = ByteBuffer.allocateDirect(
            Math.multiplyExact(elements.size(), datatype.elementSize()))
        .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode element : elements) {
      switch (datatype) {
        case BOOL -> data.put((byte) (bool(element) ? 1 : 0));
        case FP16 -> data.putShort(Float.floatToFloat16((float) number(element)));
        case BF16 ->
          data.putShort((short) (Float.floatToIntBits((float) number(element)) >>> BF16_SHIFT));
        case FP32 -> data.putFloat((float) number(element));
        case FP64 -> data.putDouble(number(element));
        default -> integer(datatype, element, data);
      }
    }
    return data.flip();
  }

  private static boolean bool(JsonNode element) {
    require(element.isBoolean(), element);
    return element.booleanValue();
  }

  /** What is missing is NaN, as in a data frame. */
  private static double number(JsonNode element) {
    require(element.isNumber() || element.isNull(), element);
    return element.isNull() ? Double.NaN : element.doubleValue();
  }

  private static void integer(DataType datatype, JsonNode element, ByteBuffer data) {
    require(element.isIntegralNumber(), element);
    BigInteger value = element.bigIntegerValue();
    int bits = datatype.elementSize() * Byte.SIZE;
    require(
        datatype.isUnsigned()
            ? value.signum() >= 0 && value.bitLength() <= bits
            : value.bitLength() < bits,
        element);
    long low = value.longValue();
    switch (datatype.elementSize()) {
      case Byte.BYTES -> data.put((byte) low);
      case Short.BYTES -> data.putShort((short) low);
      case Integer.BYTES -> data.putInt((int) low);
      default -> data.putLong(low);
    }
  }

  private static ByteBuffer texts(List<JsonNode> elements) {
    List<byte[]> encoded = elements.stream()
        .map(element -> {
          require(element.isTextual(), element);
          return element.textValue().getBytes(StandardCharsets.UTF_8);
        })
        .toList();
    int size = encoded.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
    ByteBuffer data = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    encoded.forEach(text -> data.putInt(text.length).put(text));
    return data.flip();
  }

  private static void require(boolean fits, JsonNode element) {
    if (!fits) {
      throw new IllegalArgumentException(
          element.isNumber()
              ? element.asText() + " is not in the range of its datatype"
              : "a " + element.getNodeType().name().toLowerCase(Locale.ROOT)
                  + " is not of its datatype");
    }
  }
}
