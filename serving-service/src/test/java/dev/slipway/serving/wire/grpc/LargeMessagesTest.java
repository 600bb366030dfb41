package dev.slipway.serving.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.slipway.serving.testing.InferStream;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import dev.slipway.serving.wire.grpc.proto.ModelInferResponse;
import dev.slipway.serving.wire.grpc.proto.ModelStreamInferResponse;
import io.grpc.Channel;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a server of one event loop, which runs all that the service does not hand to others. Large messages are read when the test lets them. */
class LargeMessagesTest {
  private static final int LARGEST = 8 << 20;

  private final BlockingQueue<Runnable> aside = new LinkedBlockingQueue<>();
  private EventLoopGroup loop;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    loop = new NioEventLoopGroup(1);
    var messages = new BoundedMessages(LARGEST, aside::add);
    server = NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop)
        .channelType(NioServerSocketChannel.class)
        .directExecutor()
        .maxInboundMessageSize(LARGEST)
        .decompressorRegistry(PackedMessages.decompressors())
        .addService(messages.around(new NamingService().bindService()))
        .build()
        .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Answers with the request's name and the bytes of its first tensor, whole or in a stream. */
  private static final class NamingService extends GRPCInferenceServiceImplBase {
    private static ModelInferResponse answer(ModelInferRequest request) {
      return ModelInferResponse.newBuilder()
          .setId(request.getId())
          .addRawOutputContents(
              request.getRawInputContentsCount() > 0
                  ? request.getRawInputContents(0)
                  : ByteString.EMPTY)
          .build();
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answer) {
      answer.onNext(answer(request));
      answer.onCompleted();
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(
        StreamObserver<ModelStreamInferResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(ModelInferRequest request) {
          answers.onNext(ModelStreamInferResponse.newBuilder()
              .setInferResponse(answer(request))
              .build());
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  private static ModelInferRequest request(String id, int bytes) {
    return ModelInferRequest.newBuilder()
        .setId(id)
        .addRawInputContents(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  private static ModelInferRequest numbers(String id, int count) {
    return ModelInferRequest.newBuilder()
        .setId(id)
        .addInputs(InferInputTensor.newBuilder()
            .setContents(InferTensorContents.newBuilder()
                .addAllFp32Contents(Collections.nCopies(count, 1f))))
        .build();
  }

  private ListenableFuture<ModelInferResponse> send(ModelInferRequest request) {
    return GRPCInferenceServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .withMaxInboundMessageSize(LARGEST)
        .modelInfer(request);
  }

  private ListenableFuture<ModelInferResponse> sendPacked(
      Channel channel, String encoding, ModelInferRequest request) {
    return GRPCInferenceServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .withMaxInboundMessageSize(LARGEST)
        .withCompression(encoding)
        .modelInfer(request);
  }

  private static void assertRefused(ListenableFuture<ModelInferResponse> call, Code code) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(call::get)
        .havingCause()
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(refused ->
            assertThat(((StatusRuntimeException) refused).getStatus().getCode()).isEqualTo(code));
  }

  private Runnable waiting() throws InterruptedException {
    Runnable task = aside.poll(30, TimeUnit.SECONDS);
    assertThat(task).isNotNull();
    return task;
  }

  @Test
  void aSmallCallIsAnsweredWhileALargeOneIsRead() throws Exception {
    var raw = send(request("raw", LARGEST - 1000));
    Runnable readRaw = waiting();
    var typed = send(numbers("typed", 500_000));
    Runnable readTyped = waiting();

    assertThat(send(request("small", 100)).get().getId()).isEqualTo("small");
    assertThat(raw).isNotDone();
    assertThat(typed).isNotDone();

    readTyped.run();
    assertThat(typed.get().getId()).isEqualTo("typed");
    readRaw.run();
    assertThat(raw.get().getId()).isEqualTo("raw");
    assertThat(raw.get().getRawOutputContents(0).size()).isEqualTo(LARGEST - 1000);
  }

  @Test
  void aStreamKeepsItsOrder() throws Exception {
    var stream = new InferStream(
        GRPCInferenceServiceGrpc.newStub(channel).withMaxInboundMessageSize(LARGEST));
    stream.send(request("1", 10));
    stream.send(request("2", 1 << 20));
    stream.send(request("3", 1 << 20));
    stream.send(request("4", 10));
    stream.finish();
    assertThat(stream.next().getInferResponse().getId()).isEqualTo("1");

    waiting().run();
    for (String expected : List.of("2", "3", "4")) {
      // The second large one may have come while the first was read, and may have been read with
      // it.
      await().until(() -> {
        Runnable task = aside.poll();
        if (task != null) {
          task.run();
        }
        return stream.hasNext();
      });
      assertThat(stream.next().getInferResponse().getId()).isEqualTo(expected);
    }
    assertThat(stream.rest()).isEmpty();
  }

  @Test
  void aLargeMessageThatIsNoneIsRefused() throws Exception {
    var broken = send(ModelInferRequest.newBuilder()
        .setId("broken")
        .addAllOutputs(Collections.nCopies(
            20_000,
            ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                .setName("an output's name")
                .build()))
        .build());
    waiting().run();

    assertRefused(broken, Code.INVALID_ARGUMENT);
  }

  /** Eight kilobytes on the wire. */
  @Test
  void aSmallCallIsAnsweredWhileAPackedOneIsUnpacked() throws Exception {
    var packed = sendPacked(channel, "gzip", request("packed", LARGEST - 1000));
    Runnable unpack = waiting();

    assertThat(send(request("small", 100)).get().getId()).isEqualTo("small");
    assertThat(packed).isNotDone();

    unpack.run();
    assertThat(packed.get().getId()).isEqualTo("packed");
    assertThat(packed.get().getRawOutputContents(0).size()).isEqualTo(LARGEST - 1000);
  }

  @Test
  void aPackedMessageThatUnpacksToMoreThanIsTakenIsRefused() throws Exception {
    var bomb = sendPacked(channel, "gzip", request("bomb", LARGEST + 1));
    waiting().run();
    assertRefused(bomb, Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void whatIsNotPackedAsItSaysIsRefused() throws Exception {
    ManagedChannel liar = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .compressorRegistry(unpackedAs("gzip"))
        .build();
    try {
      var call = sendPacked(liar, "gzip", request("plain", 100));
      waiting().run();
      assertRefused(call, Code.INVALID_ARGUMENT);
    } finally {
      liar.shutdownNow();
    }
  }

  private static CompressorRegistry unpackedAs(String encoding) {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(new Compressor() {
      @Override
      public String getMessageEncoding() {
        return encoding;
      }

      @Override
      public OutputStream compress(OutputStream out) {
        return out;
      }
    });
    return registry;
  }
}
