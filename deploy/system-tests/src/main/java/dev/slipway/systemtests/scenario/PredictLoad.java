package dev.slipway.systemtests.scenario;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Request;

/** Callers that predict without end, each on its own connection, and keep who answered what and when it was sent. */
public final class PredictLoad implements AutoCloseable {
  private final PredictClient client = new PredictClient();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean ended;

  /**
   * One request.
   *
   * @param gateway the index of the gateway that it went to
   * @param sentNanos {@link System#nanoTime()} just before it was sent
   * @param tookNanos until the whole answer was there, or nothing came
   * @param version that answered, by the header; 0 when there was no answer
   * @param status of the answer; 0 when there was none
   * @param body of the answer, or why there was none
   */
  public record Sample(
      int gateway, long sentNanos, long tookNanos, int version, int status, String body) {
    public boolean failed() {
      return status != 200;
    }
  }

  private PredictLoad() {}

  /**
   * Starts the callers.
   *
   * @param callersEach callers for each gateway
   * @param gap between an answer and the next request of a caller
   */
  public static PredictLoad on(
      List<URI> gateways, String model, String body, int callersEach, Duration gap) {
    PredictLoad load = new PredictLoad();
    for (int gateway = 0; gateway < gateways.size(); gateway++) {
      Request request = PredictClient.request(gateways.get(gateway), model, body);
      int index = gateway;
      for (int i = 0; i < callersEach; i++) {
        load.callers.add(Thread.ofVirtual().start(() -> load.call(index, request, gap)));
      }
    }
    return load;
  }

  private void call(int gateway, Request request, Duration gap) {
    while (!ended) {
      long begin = System.nanoTime();
      sent.incrementAndGet();
      try {
        var reply = client.send(request);
        samples.add(new Sample(
            gateway,
            begin,
            System.nanoTime() - begin,
            reply.version(),
            reply.status(),
            reply.body()));
      } catch (IOException e) {
        samples.add(new Sample(gateway, begin, System.nanoTime() - begin, 0, 0, e.toString()));
      }
      if (gap.isPositive()) {
        LockSupport.parkNanos(gap.toNanos());
      }
    }
  }

  /** Requests sent so far. */
  public long sent() {
    return sent.get();
  }

  /** Takes the samples so far; the next call answers only newer ones. */
  public List<Sample> take() {
    List<Sample> taken = new ArrayList<>();
    for (Sample sample = samples.poll(); sample != null; sample = samples.poll()) {
      taken.add(sample);
    }
    return taken;
  }

  @Override
  public void close() {
    ended = true;
    for (Thread caller : callers) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    client.close();
  }
}
