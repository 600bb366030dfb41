package dev.slipway.serving.wire.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.RandomTensors;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.JsonBody;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one side writes is what the other side reads: an answer's tensors are a request's tensors under another heading. */
class OipCodecTest {
  private static final int ROUNDS = 300;

  private final JsonBody json = new JsonBody(1000, 64);

  @ParameterizedTest
  @EnumSource(DataType.class)
  void aTensorReadFromJsonIsTheOneWritten(DataType type) throws InferenceException {
    var random = new RandomTensors(type.name().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      assertSame(random.next(type, false), false);
    }
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void aTensorReadFromBinaryDataIsTheOneWritten(DataType type) throws InferenceException {
    var random = new RandomTensors(type.name().hashCode() + 1);
    for (int round = 0; round < ROUNDS; round++) {
      assertSame(random.next(type, true), true);
    }
  }

  private void assertSame(Tensor tensor, boolean binary) throws InferenceException {
    // Given
    var writer = new OipWriter(new OipRequest(null, Set.of(), Set.of(), binary));
    Payload written = writer.write(RandomTensors.answer(tensor));
    String length = written.headers().get(HttpHead.BINARY_HEADER_LENGTH);
    int jsonLength = length == null ? written.body().length : Integer.parseInt(length);
    byte[] head = new String(written.body(), 0, jsonLength, StandardCharsets.UTF_8)
        .replace("\"outputs\":", "\"inputs\":")
        .getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + written.body().length - jsonLength);
    System.arraycopy(
        written.body(), jsonLength, body, head.length, written.body().length - jsonLength);
    var signature = new ModelSignature(
        List.of(new TensorSpec("X", tensor.datatype(), tensor.shape())), List.of());
    var requestHead = new HttpHead(
        "id", null, null, null, null, null, length == null ? null : "" + head.length, null);
    // When
    OipRequest read = new OipReader(json, HttpRequest.of(requestHead, signature, body)).read();
    // Then
    try (var request = read.request()) {
      Tensor came = request.inputs().getFirst();
      assertThat(came.shape()).isEqualTo(tensor.shape());
      assertThat(came.datatype()).isEqualTo(tensor.datatype());
      assertThat(RandomTensors.raw(came))
          .as(() -> new String(head, StandardCharsets.UTF_8))
          .isEqualTo(RandomTensors.raw(tensor));
    }
  }
}
