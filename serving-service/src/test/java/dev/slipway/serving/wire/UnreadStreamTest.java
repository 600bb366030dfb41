package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.slipway.serving.testing.InferStream;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A caller of a stream who sends and does not read: the gateway must not keep all answers for it. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class UnreadStreamTest {
  private static final String MODEL = "identity-fp32";
  private static final int REQUESTS = 60;
  /** With all requests ten times what a connection takes that nobody reads. */
  private static final int NUMBERS = 1 << 16;

  @Test
  void answersThatNobodyReadsHoldTheNextRequestBackAndNoneIsLost() throws Exception {
    try (var gateway = new GrpcGateway()) {
      InferStream stream = InferStream.unread(GRPCInferenceServiceGrpc.newStub(gateway.channel()));
      long before = Answered.of(MODEL);
      for (int i = 0; i < REQUESTS; i++) {
        stream.send(request(i));
      }
      stream.finish();

      assertThat(Answered.awaitTheLastBeyond(before, MODEL) - before).isLessThan(REQUESTS / 2);

      stream.read(REQUESTS);
      assertThat(stream.rest())
          .extracting(answer -> answer.getInferResponse().getId())
          .containsExactlyElementsOf(
              IntStream.range(0, REQUESTS).mapToObj(i -> "r" + i).toList());
    }
  }

  private static ModelInferRequest request(int number) {
    return ModelInferRequest.newBuilder()
        .setModelName(MODEL)
        .setId("r" + number)
        .addInputs(InferInputTensor.newBuilder()
            .setName("input")
            .setDatatype("FP32")
            .addShape(NUMBERS / 4)
            .addShape(4))
        .addRawInputContents(ByteString.copyFrom(new byte[NUMBERS * Float.BYTES]))
        .build();
  }
}
