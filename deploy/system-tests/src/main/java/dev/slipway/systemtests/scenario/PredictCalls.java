package dev.slipway.systemtests.scenario;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** Callers that send the next request as soon as the last is answered, to some models in turn, and keep how long each took. */
final class PredictCalls implements AutoCloseable {
  private static final double MILLION = 1e6;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers = new ArrayList<>();
  private volatile boolean ended;

  /** One answered request: {@link System#nanoTime()} before it was sent, how long it took, and who answered. */
  record Sample(long sentNanos, long tookNanos, int version) {}

  private PredictCalls() {}

  static PredictCalls on(URI gateway, List<String> models, int callers) {
    var calls = new PredictCalls();
    List<HttpRequest> requests = models.stream()
        .map(model -> HttpRequest.newBuilder(gateway.resolve("/v2/models/" + model + "/infer"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(IrisModels.ROW))
            .build())
        .toList();
    for (int i = 0; i < callers; i++) {
      int first = i * requests.size() / callers;
      calls.callers.add(Thread.ofVirtual().start(() -> calls.call(requests, first)));
    }
    return calls;
  }

  private void call(List<HttpRequest> requests, int first) {
    for (int i = first; !ended; i++) {
      long sent = System.nanoTime();
      try {
        var answer = http.send(requests.get(i % requests.size()), BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          int version = answer
              .headers()
              .firstValue("X-Slipway-Version")
              .map(Integer::parseInt)
              .orElse(0);
          samples.add(new Sample(sent, System.nanoTime() - sent, version));
        } else {
          faults.add(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
      } catch (IOException e) {
        faults.add("no answer: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
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
    http.close();
  }
}
