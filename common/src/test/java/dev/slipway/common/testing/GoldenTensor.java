package dev.slipway.common.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A tensor of a golden case. Its data is in {@code data} (flat, as the Open Inference Protocol's JSON has it), or in a raw file
 * beside ({@code dataFile}, see {@link FixtureModel#raw}), or it is no tensor but ZipMap's {@code sequenceOfMaps}.
 */
public record GoldenTensor(
    String name,
    DataType datatype,
    Shape shape,
    JsonNode data,
    String dataFile,
    List<Map<String, Double>> sequenceOfMaps) {
  /** A bfloat16 is the upper half of a float; golden values are exact ones. */
  private static final int BF16_SHIFT = 16;

  /** The elements as doubles; for 64-bit integers only as exact as a double is. */
  public double[] doubles() {
    double[] values = new double[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i).isBoolean()
          ? (data.get(i).asBoolean() ? 1 : 0)
          : data.get(i).asDouble();
    }
    return values;
  }

  byte[] rawData() {
    if (datatype == DataType.BYTES) {
      var out = new ByteArrayOutputStream();
      for (JsonNode element : data) {
        byte[] text = element.asText().getBytes(StandardCharsets.UTF_8);
        byte[] length = new byte[Integer.BYTES];
        littleEndian(length).putInt(text.length);
        out.writeBytes(length);
        out.writeBytes(text);
      }
      return out.toByteArray();
    }
    byte[] bytes = new byte[data.size() * datatype.elementSize()];
    ByteBuffer raw = littleEndian(bytes);
    data.forEach(element -> put(raw, element));
    return bytes;
  }

  private void put(ByteBuffer raw, JsonNode element) {
    switch (datatype) {
      case BOOL -> raw.put((byte) (element.asBoolean() ? 1 : 0));
      case INT8, UINT8 -> raw.put((byte) element.asInt());
      case INT16, UINT16 -> raw.putShort((short) element.asInt());
      case INT32, UINT32 -> raw.putInt((int) element.asLong());
      case INT64, UINT64 -> raw.putLong(element.bigIntegerValue().longValue());
      case FP16 -> raw.putShort(Float.floatToFloat16((float) element.asDouble()));
      case FP32 -> raw.putFloat((float) element.asDouble());
      case FP64 -> raw.putDouble(element.asDouble());
      case BF16 ->
        raw.putShort((short) (Float.floatToRawIntBits((float) element.asDouble()) >>> BF16_SHIFT));
      case BYTES -> throw new IllegalStateException("no golden data of " + datatype);
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
