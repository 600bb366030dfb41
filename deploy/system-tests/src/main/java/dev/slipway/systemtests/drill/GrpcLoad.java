package dev.slipway.systemtests.drill;

import dev.slipway.launcher.client.GrpcInfer;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Load by gRPC's Java library. The request was made once, and answers are not taken apart: what a call costs here is little beside
 * what it costs the server.
 */
final class GrpcLoad implements Load {
  private static final int PATIENCE_SECONDS = 60;
  private static final int LARGEST_ANSWER = 64 << 20;

  private final byte[] request;

  /** @param request a {@code ModelInferRequest} as it is sent */
  GrpcLoad(byte[] request) {
    this.request = request;
  }

  /** What one caller saw; nanoseconds of each good answer. */
  private record Seen(LongStream nanos, long faults) {}

  @Override
  public Figures run(String target, int connections, int seconds) throws InterruptedException {
    List<ManagedChannel> channels = new ArrayList<>();
    try (var callers = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        channels.add(NettyChannelBuilder.forTarget(target)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(LARGEST_ANSWER)
            .build());
      }
      long begun = System.nanoTime();
      long end = begun + TimeUnit.SECONDS.toNanos(seconds);
      List<Future<Seen>> running = channels.stream()
          .map(channel -> callers.submit(() -> call(channel, end)))
          .toList();
      List<Seen> seen = new ArrayList<>();
      for (Future<Seen> one : running) {
        seen.add(one.get());
      }
      return figures(seen, System.nanoTime() - begun);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private Seen call(ManagedChannel channel, long end) {
    LongStream.Builder nanos = LongStream.builder();
    long faults = 0;
    for (long now = System.nanoTime(); now < end; ) {
      try {
        var _ = ClientCalls.blockingUnaryCall(
            channel,
            GrpcInfer.METHOD,
            CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
            request);
        long answered = System.nanoTime();
        nanos.add(answered - now);
        now = answered;
      } catch (StatusRuntimeException e) {
        faults++;
        now = System.nanoTime();
      }
    }
    return new Seen(nanos.build(), faults);
  }

  private static Figures figures(List<Seen> seen, long elapsed) {
    long[] nanos = seen.stream().flatMapToLong(Seen::nanos).sorted().toArray();
    return new Figures(
        nanos.length * 1e9 / elapsed,
        at(nanos, 0.5),
        at(nanos, 0.99),
        seen.stream().mapToLong(Seen::faults).sum());
  }

  /** In milliseconds. */
  private static double at(long[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))] / 1e6;
  }
}
