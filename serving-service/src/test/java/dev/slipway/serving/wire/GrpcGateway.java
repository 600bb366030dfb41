package dev.slipway.serving.wire;

import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/** A caller of the gateway under test, over real gRPC. */
final class GrpcGateway implements AutoCloseable {
  private final ManagedChannel channel = NettyChannelBuilder.forAddress(
          "127.0.0.1",
          ConfigProvider.getConfig().getValue("quarkus.grpc.server.test-port", Integer.class))
      .usePlaintext()
      .build();

  ManagedChannel channel() {
    return channel;
  }

  /** For one call: its time runs from now. */
  GRPCInferenceServiceBlockingStub call() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
