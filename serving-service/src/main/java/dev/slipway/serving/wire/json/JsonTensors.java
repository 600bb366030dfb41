package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.HalfFloats;
import dev.slipway.serving.predict.InferenceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Writes tensors as JSON. */
public final class JsonTensors {
  private static final NumbersFactory FACTORY = new NumbersFactory(new JsonFactoryBuilder());

  private static final int FIRST_BYTES = 512;

  private final NumbersGenerator out;
  private final Predicate<Tensor> base64;

  private JsonTensors(NumbersGenerator out, Predicate<Tensor> base64) {
    this.out = out;
    this.base64 = base64;
  }

  /** Writes one JSON document. */
  @FunctionalInterface
  public interface Writing {
    void write(JsonGenerator out, JsonTensors tensors) throws IOException, InferenceException;
  }

  /** The document as UTF-8. */
  public static byte[] document(Writing writing) throws InferenceException {
    return document(_ -> false, writing);
  }

  /**
   * The document as UTF-8.
   *
   * @param base64 the tensors of BYTES of which each element is written as {@code {"b64": …}}
   */
  public static byte[] document(Predicate<Tensor> base64, Writing writing)
      throws InferenceException {
    try (var bytes = new ByteArrayBuilder(FIRST_BYTES)) {
      try (NumbersGenerator out = FACTORY.generator(bytes)) {
        writing.write(out, new JsonTensors(out, base64));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory could not be written", e);
    }
  }

  /** All elements in one array. */
  public void flat(Tensor tensor) throws IOException, InferenceException {
    int count = Math.toIntExact(tensor.shape().elementCount().orElseThrow());
    out.writeStartArray();
    elements(tensor, reading(tensor), count);
    out.writeEndArray();
  }

  /** Arrays within arrays, as the shape says; a scalar is a bare value. */
  public void nested(Tensor tensor) throws IOException, InferenceException {
    nested(tensor, reading(tensor), 0);
  }

  /** What lies under one index of the first dimension; {@code data} from {@link #reading} moves on. */
  public void row(Tensor tensor, ByteBuffer data) throws IOException, InferenceException {
    nested(tensor, data, 1);
  }

  /** The next element; {@code data} from {@link #reading} moves on. */
  public void element(Tensor tensor, ByteBuffer data) throws IOException, InferenceException {
    elements(tensor, data, 1);
  }

  /** The tensor's elements, to be read from the start. */
  public static ByteBuffer reading(Tensor tensor) {
    return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void nested(Tensor tensor, ByteBuffer data, int depth)
      throws IOException, InferenceException {
    Shape shape = tensor.shape();
    if (depth >= shape.rank()) {
      elements(tensor, data, 1);
      return;
    }
    int length = Math.toIntExact(shape.dimension(depth));
    out.writeStartArray();
    if (depth == shape.rank() - 1) {
      elements(tensor, data, length);
    } else {
      for (int i = 0; i < length; i++) {
        nested(tensor, data, depth + 1);
      }
    }
    out.writeEndArray();
  }

  private void elements(Tensor tensor, ByteBuffer data, int count)
      throws IOException, InferenceException {
    if (tensor.datatype() == DataType.FP32 && count > 1) {
      int bytes = count * Float.BYTES;
      out.writeNumbers(data.slice(data.position(), bytes).order(data.order()).asFloatBuffer());
      data.position(data.position() + bytes);
      return;
    }
    for (int i = 0; i < count; i++) {
      switch (tensor.datatype()) {
        case FP32 -> out.writeNumber(data.getFloat());
        case FP64 -> out.writeNumber(data.getDouble());
        case FP16 -> out.writeNumber(HalfFloats.fromFloat16(data.getShort()));
        case BF16 -> out.writeNumber(HalfFloats.fromBfloat16(data.getShort()));
        case BOOL -> out.writeBoolean(data.get() != 0);
        case INT8 -> out.writeNumber((int) data.get());
        case INT16 -> out.writeNumber((int) data.getShort());
        case INT32 -> out.writeNumber(data.getInt());
        case INT64 -> out.writeNumber(data.getLong());
        case UINT8 -> out.writeNumber(Byte.toUnsignedInt(data.get()));
        case UINT16 -> out.writeNumber(Short.toUnsignedInt(data.getShort()));
        case UINT32 -> out.writeNumber(Integer.toUnsignedLong(data.getInt()));
        case UINT64 -> unsigned(data.getLong());
        case BYTES -> string(tensor, data);
      }
    }
  }

  private void unsigned(long value) throws IOException {
    if (value >= 0) {
      out.writeNumber(value);
    } else {
      out.writeNumber(Long.toUnsignedString(value));
    }
  }

  private void string(Tensor tensor, ByteBuffer data) throws IOException, InferenceException {
    int length = data.getInt();
    ByteBuffer element = data.slice(data.position(), length);
    data.position(data.position() + length);
    if (base64.test(tensor)) {
      base64(element);
      return;
    }
    try {
      out.writeString(StandardCharsets.UTF_8.newDecoder().decode(element).toString());
    } catch (CharacterCodingException e) {
      throw InferenceException.badInput("output '" + tensor.name()
          + "' holds bytes that are not UTF-8, and so cannot stand in JSON; ask for it as binary"
          + " data (binary_data) or over gRPC");
    }
  }

  private void base64(ByteBuffer element) throws IOException {
    byte[] bytes = new byte[element.remaining()];
    element.get(bytes);
    out.writeStartObject();
    out.writeBinaryField("b64", bytes);
    out.writeEndObject();
  }
}
