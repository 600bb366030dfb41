package dev.slipway.serving.wire.tfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.RandomTensors;
import dev.slipway.serving.wire.http.HttpDialect;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.JsonBody;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings of an output whose name ends with {@code _bytes} are base64, as TensorFlow Serving writes them; others are text. */
class BinaryOutputsTest {
  private static final byte[] NOT_UTF8 = {(byte) 0xff, (byte) 0xfe, 0};

  private final TfServingDialect dialect = new TfServingDialect(new JsonBody(1000, 64));

  private String answer(String form, Tensor output) throws InferenceException {
    var signature = new ModelSignature(
        List.of(new TensorSpec("X", DataType.FP32, Shape.of(-1, 1))),
        List.of(new TensorSpec(output.name(), output.datatype(), Shape.of(-1))));
    byte[] body = ("{\"" + form + "\":[[1],[2]]}").getBytes(StandardCharsets.UTF_8);
    var head = new HttpHead("id", null, null, null, null, null, null, null);
    HttpDialect.Call call = dialect.parse(HttpRequest.of(head, signature, body));
    try (var _ = call.request()) {
      byte[] written = call.writer().write(RandomTensors.answer(output)).body();
      return new String(written, StandardCharsets.UTF_8);
    }
  }

  private static Tensor strings(String name, byte[]... elements) {
    ByteBuffer data = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] element : elements) {
      data.putInt(element.length).put(element);
    }
    return new Tensor(name, DataType.BYTES, Shape.of(elements.length), data.flip());
  }

  @ParameterizedTest
  @CsvSource({"instances,predictions", "inputs,outputs"})
  void anOutputOfBytesIsBase64(String form, String field) throws InferenceException {
    assertThat(answer(form, strings("image_bytes", NOT_UTF8, new byte[0])))
        .isEqualTo("{\"" + field + "\":[{\"b64\":\"//4A\"},{\"b64\":\"\"}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances", "inputs"})
  void anOutputOfAnotherNameIsText(String form) throws InferenceException {
    byte[] text = "fox".getBytes(StandardCharsets.UTF_8);
    assertThat(answer(form, strings("bytes_of_text", text, text))).contains("[\"fox\",\"fox\"]");
    assertThatThrownBy(() -> answer(form, strings("image", NOT_UTF8, text)))
        .hasMessageContaining("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances", "inputs"})
  void numbersStayNumbersWhateverTheirName(String form) throws InferenceException {
    ByteBuffer data = ByteBuffer.allocateDirect(2).put((byte) 7).put((byte) 8).flip();
    assertThat(answer(form, new Tensor("raw_bytes", DataType.UINT8, Shape.of(2), data)))
        .contains("[7,8]");
  }
}
