package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A gateway that answers gRPC as Triton does, for clients that send typed contents and read raw ones. */
@QuarkusTest
@TestProfile(RawAnswersTest.AsTriton.class)
class RawAnswersTest {
  public static class AsTriton extends ServesFixtures {
    @Override
    public Map<String, String> getConfigOverrides() {
      var overrides = new HashMap<>(super.getConfigOverrides());
      overrides.put("slipway.serving.predict.grpc-raw-answers", "true");
      return overrides;
    }
  }

  @Test
  void typedContentsAreAnsweredRaw() {
    var row = InferTensorContents.newBuilder().addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f));
    var request = ModelInferRequest.newBuilder()
        .setModelName("iris-logreg")
        .addInputs(InferInputTensor.newBuilder()
            .setName("X")
            .setDatatype("FP32")
            .addAllShape(List.of(1L, 4L))
            .setContents(row))
        .build();

    try (var gateway = new GrpcGateway()) {
      var answer = gateway.call().modelInfer(request);

      assertThat(answer.getRawOutputContentsList())
          .first()
          .satisfies(label -> assertThat(label.toByteArray()).isEqualTo(new byte[Long.BYTES]));
      assertThat(answer.getOutputsList()).noneMatch(output -> output.hasContents());
    }
  }
}
