package dev.slipway.serving.probe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Tensors of a golden case, in and out of the protocol's JSON. For a few, small ones: the predict path has its own, faster way. */
final class TensorJson {
  private static final int BF16_SHIFT = 16;

  private TensorJson() {}

  /** @throws IllegalArgumentException when it is not a tensor of the protocol; the message says why */
  static Tensor read(JsonNode tree) {
    String name = tree.path("name").asText("");
    DataType datatype = DataType.find(tree.path("datatype").asText(""))
        .orElseThrow(() -> new IllegalArgumentException("tensor '" + name + "' has no datatype"));
    Shape shape = Shape.of(StreamSupport.stream(tree.path("shape").spliterator(), false)
        .mapToLong(JsonNode::asLong)
        .toArray());
    List<JsonNode> elements = flat(tree.path("data"));
    if (shape.elementCount().orElse(-1) != elements.size()) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' has " + elements.size() + " elements, and its shape is " + shape);
    }
    return new Tensor(name, datatype, shape, data(datatype, elements));
  }

  /** The elements, nested or not, in row-major order. */
  static List<JsonNode> flat(JsonNode data) {
    List<JsonNode> elements = new ArrayList<>();
    collect(data, elements);
    return elements;
  }

  private static void collect(JsonNode node, List<JsonNode> elements) {
    if (node.isArray()) {
      node.forEach(child -> collect(child, elements));
    } else if (!node.isMissingNode()) {
      elements.add(node);
    }
  }

  private static ByteBuffer data(DataType datatype, List<JsonNode> elements) {
    if (datatype == DataType.BYTES) {
      return strings(elements);
    }
    ByteBuffer data = ByteBuffer.allocateDirect(elements.size() * datatype.elementSize())
        .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode element : elements) {
      switch (datatype) {
        case BOOL -> data.put((byte) (element.asBoolean() ? 1 : 0));
        case UINT8, INT8 -> data.put((byte) element.asInt());
        case UINT16, INT16 -> data.putShort((short) element.asInt());
        case UINT32, INT32 -> data.putInt((int) element.asLong());
        case UINT64, INT64 -> data.putLong(element.bigIntegerValue().longValue());
        case FP16 -> data.putShort(Float.floatToFloat16((float) element.asDouble()));
        case BF16 ->
          data.putShort((short) (Float.floatToIntBits((float) element.asDouble()) >>> BF16_SHIFT));
        case FP32 -> data.putFloat((float) element.asDouble());
        case FP64 -> data.putDouble(element.asDouble());
        case BYTES -> throw new IllegalStateException("strings have no fixed size");
      }
    }
    return data.flip();
  }

  private static ByteBuffer strings(List<JsonNode> elements) {
    List<byte[]> encoded = elements.stream()
        .map(element -> element.asText().getBytes(StandardCharsets.UTF_8))
        .toList();
    int size = encoded.stream().mapToInt(bytes -> Integer.BYTES + bytes.length).sum();
    ByteBuffer data = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    encoded.forEach(bytes -> data.putInt(bytes.length).put(bytes));
    return data.flip();
  }

  /** The elements of an answer: {@link Double}s, {@link Long}s, {@link Boolean}s or strings. */
  static List<Object> elements(Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<Object> elements = new ArrayList<>();
    while (data.hasRemaining()) {
      elements.add(element(tensor.datatype(), data));
    }
    return elements;
  }

  private static Object element(DataType datatype, ByteBuffer data) {
    return switch (datatype) {
      case BOOL -> data.get() != 0;
      case UINT8 -> (long) Byte.toUnsignedInt(data.get());
      case INT8 -> (long) data.get();
      case UINT16 -> (long) Short.toUnsignedInt(data.getShort());
      case INT16 -> (long) data.getShort();
      case UINT32 -> Integer.toUnsignedLong(data.getInt());
      case INT32 -> (long) data.getInt();
      case UINT64, INT64 -> data.getLong();
      case FP16 -> (double) Float.float16ToFloat(data.getShort());
      case BF16 -> (double) Float.intBitsToFloat(data.getShort() << BF16_SHIFT);
      case FP32 -> (double) data.getFloat();
      case FP64 -> data.getDouble();
      case BYTES -> {
        byte[] text = new byte[data.getInt()];
        data.get(text);
        yield new String(text, StandardCharsets.UTF_8);
      }
    };
  }
}
