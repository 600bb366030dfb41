package dev.slipway.serving.engine.onnx;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** BYTES tensors in the protocol's raw form, and the strings of ONNX Runtime, which are UTF-8. */
final class Strings {
  private Strings() {}

  /**
   * @throws PredictException BAD_INPUT when an element is not UTF-8
   */
  static String[] read(Tensor tensor, int count) throws PredictException {
    ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var strings = new String[count];
    for (int i = 0; i < count; i++) {
      int length = data.getInt();
      ByteBuffer element = data.slice(data.position(), length);
      data.position(data.position() + length);
      try {
        strings[i] = decoder.decode(element).toString();
      } catch (CharacterCodingException e) {
        throw new PredictException(
            Kind.BAD_INPUT,
            "input '" + tensor.name() + "': element " + i
                + " is not UTF-8, and the strings of an ONNX model are",
            e);
      }
    }
    return strings;
  }

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
