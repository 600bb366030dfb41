package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.serving.predict.PredictConfig;
import dev.slipway.serving.wire.Gateway.Answer;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model that gets more requests than it can take costs the callers of the others nothing of what they share. {@code slipway drill flood} measures it. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class FloodTest {
  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";
  private static final int TOO_MANY = 7;
  private static final int OTHERS = 25;

  @Inject
  FixtureServables servables;

  @Inject
  PredictConfig config;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @AfterEach
  void nothingIsLeft() {
    servables.held().release();
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static CompletableFuture<Answer> flooding() {
    return CompletableFuture.supplyAsync(
        () -> Gateway.post("/v2/models/" + FixtureServables.HELD + "/infer", FLOWER),
        task -> Thread.ofVirtual().start(task));
  }

  @Test
  void aFullModelKeepsNobodyElseWaiting() {
    int running = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    int most = running + config.maxQueue();
    List<CompletableFuture<Answer>> flood =
        IntStream.range(0, most + TOO_MANY).mapToObj(_ -> flooding()).toList();
    await().until(() -> servables.held().waiting() == running && done(flood) == TOO_MANY);

    for (int i = 0; i < OTHERS; i++) {
      assertThat(Gateway.post("/v2/models/iris-logreg/infer", FLOWER).status()).isEqualTo(200);
    }
    assertThat(Gateway.post(
                "/models/iris-lightgbm/invocations",
                "{\"inputs\":[[5.1,3.5,1.4,0.2]]}",
                "Content-Type",
                "application/json")
            .status())
        .isEqualTo(200);
    callByGrpc();

    assertThat(done(flood)).isEqualTo(TOO_MANY);
    assertThat(servables.held().onCarriers()).isZero();
    servables.held().release();
    List<Integer> statuses =
        flood.stream().map(CompletableFuture::join).map(Answer::status).toList();
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(most);
    assertThat(statuses).filteredOn(status -> status == 429).hasSize(TOO_MANY);
  }

  private static long done(List<CompletableFuture<Answer>> answers) {
    return answers.stream().filter(CompletableFuture::isDone).count();
  }

  private void callByGrpc() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      var asked = ModelInferRequest.newBuilder()
          .setModelName("iris-logreg")
          .addInputs(InferInputTensor.newBuilder()
              .setName("X")
              .setDatatype("FP32")
              .addAllShape(List.of(1L, 4L))
              .setContents(InferTensorContents.newBuilder()
                  .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f))))
          .build();
      assertThat(GRPCInferenceServiceGrpc.newBlockingStub(channel)
              .modelInfer(asked)
              .getOutputsCount())
          .isEqualTo(2);
    } finally {
      channel.shutdownNow();
    }
  }
}
