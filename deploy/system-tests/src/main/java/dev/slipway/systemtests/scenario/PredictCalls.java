package dev.slipway.systemtests.scenario;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import okhttp3.Request;

/** Callers that send the next request as soon as the last is answered, to some models in turn, and keep how long each took. */
final class PredictCalls implements AutoCloseable {
  private static final double MILLION = 1e6;

  private final PredictClient client = new PredictClient();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers = new ArrayList<>();
  private volatile boolean ended;

  /** One answered request: {@link System#nanoTime()} before it was sent, how long it took, and who answered. */
  record Sample(long sentNanos, long tookNanos, int version) {}

  private PredictCalls() {}

  static PredictCalls on(URI gateway, List<String> models, int callers) {
    var calls = new PredictCalls();
    List<Request> requests = models.stream()
        .map(model -> PredictClient.request(gateway, model, IrisModels.ROW))
        .toList();
    for (int i = 0; i < callers; i++) {
      int first = i * requests.size() / callers;
      calls.callers.add(Thread.ofVirtual().start(() -> calls.call(requests, first)));
    }
    return calls;
  }

  private void call(List<Request> requests, int first) {
    for (int i = first; !ended; i++) {
      long sent = System.nanoTime();
      Request request = requests.get(i % requests.size());
      try {
        var reply = client.send(request);
        if (reply.status() == 200) {
          samples.add(new Sample(sent, System.nanoTime() - sent, reply.version()));
        } else {
          faults.add(request.url() + " answered " + reply.status() + ": " + reply.body());
        }
      } catch (IOException e) {
        faults.add("no answer: " + e);
      }
    }
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  /** When the first request was sent that this version answered; -1 for never. */
  long firstOf(int version) {
    return samples.stream()
        .filter(sample -> sample.version() == version)
        .mapToLong(Sample::sentNanos)
        .min()
        .orElse(-1);
  }

  ManyModels.Latency latency(Predicate<Sample> which) {
    long[] took =
        samples.stream().filter(which).mapToLong(Sample::tookNanos).sorted().toArray();
    return new ManyModels.Latency(took.length, quantile(took, 0.5), quantile(took, 0.99));
  }

  private static double quantile(long[] sorted, double q) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))] / MILLION;
  }

  /** Returns when every caller has its last answer. */
  void end() {
    ended = true;
    for (Thread caller : callers) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    end();
    client.close();
  }
}
