package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
      var reader = new LateReader();
      StreamObserver<ModelInferRequest> stream =
          GRPCInferenceServiceGrpc.newStub(gateway.channel()).modelStreamInfer(reader);
      long before = answered();
      for (int i = 0; i < REQUESTS; i++) {
        stream.onNext(request(i));
      }
      stream.onCompleted();

      await().pollInterval(Duration.ofSeconds(1)).until(() -> {
        long some = answered();
        Thread.sleep(500);
        return some > before && answered() == some;
      });
      assertThat(answered() - before).isLessThan(REQUESTS / 2);

      reader.call.request(REQUESTS);
      reader.end.get(30, TimeUnit.SECONDS);
      assertThat(reader.ids)
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

  private static long answered() {
    return Gateway.get("/v2/models/" + MODEL + "/stats")
        .json()
        .at("/model_stats/0/inference_stats/success/count")
        .asLong();
  }

  /** Reads nothing until it is told to. */
  private static final class LateReader
      implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private ClientCallStreamObserver<ModelInferRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<ModelInferRequest> started) {
      call = started;
      call.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(ModelStreamInferResponse answer) {
      ids.add(answer.getInferResponse().getId());
    }

    @Override
    public void onError(Throwable cause) {
      end.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
      end.complete(null);
    }
  }
}
