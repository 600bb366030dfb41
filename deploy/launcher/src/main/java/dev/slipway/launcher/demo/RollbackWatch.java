package dev.slipway.launcher.demo;

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

/**
 * Measures a rollback by what a caller sees: requests go out all the time, and the rollback has taken effect at the moment
 * after which none that is newly sent is answered by the bad version.
 */
final class RollbackWatch implements AutoCloseable {
  private static final int CALLERS = 2;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers = new ArrayList<>();
  private volatile boolean ended;

  /** One request: when it was sent, and which version answered it. */
  record Sample(long sentNanos, int status, String version) {}

  RollbackWatch(URI predict, String body) {
    HttpRequest request = HttpRequest.newBuilder(predict)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(10))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Thread.ofVirtual().start(() -> callUntilEnded(request)));
    }
  }

  private void callUntilEnded(HttpRequest request) {
    while (!ended) {
      long sent = System.nanoTime();
      try {
        var response = http.send(request, BodyHandlers.discarding());
        samples.add(new Sample(
            sent,
            response.statusCode(),
            response.headers().firstValue("X-Slipway-Version").orElse("?")));
      } catch (IOException e) {
        samples.add(new Sample(sent, 0, e.toString()));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  int requests() {
    return samples.size();
  }

  long failures() {
    return samples.stream().filter(sample -> sample.status() != 200).count();
  }

  /**
   * From {@code begin} to the first request that was sent after the last one which {@code bad} answered: never less than the
   * true time, and more only by the gap between two requests.
   */
  Duration effectiveAfter(long begin, String bad) {
    long lastBad = samples.stream()
        .filter(sample -> sample.version().equals(bad))
        .mapToLong(Sample::sentNanos)
        .max()
        .orElse(begin);
    long from = Math.max(begin, lastBad);
    long firstGood = samples.stream()
        .mapToLong(Sample::sentNanos)
        .filter(sent -> sent > from)
        .min()
        .orElse(from);
    return Duration.ofNanos(firstGood - begin);
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
    http.close();
  }
}
