package dev.slipway.registry.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.registry.RegistryBackends;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A serving process in miniature: follows the feed over HTTP, says that it has loaded what it is told to, and reports. */
final class FakeReplica implements AutoCloseable {
  private static final ObjectMapper JSON = WireJson.mapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String name;
  private final Selector selector;
  private final Instant startedAt = Instant.now();
  private final Set<Digest> broken = ConcurrentHashMap.newKeySet();
  private final Set<Digest> slow = ConcurrentHashMap.newKeySet();
  private final Map<Digest, Stats> stats = new ConcurrentHashMap<>();
  private final AtomicReference<Feed> feed = new AtomicReference<>(Feed.empty());
  private final Thread follower;
  private final Thread heart;
  private volatile boolean running = true;

  FakeReplica(int port, String name, String... models) {
    this.base = "http://127.0.0.1:" + port;
    this.name = name;
    this.selector = new Selector(List.of(models), Map.of());
    report();
    this.follower = Thread.ofVirtual().start(this::follow);
    this.heart = Thread.ofVirtual().start(this::beat);
  }

  /** From now on it fails to load this. */
  void refuse(Digest digest) {
    broken.add(digest);
  }

  /** From now on it does not get this loaded. */
  void stall(Digest digest) {
    slow.add(digest);
  }

  void unstall(Digest digest) {
    slow.remove(digest);
    report();
  }

  /** From now on it reports these counts. */
  void counts(Digest digest, Stats counted) {
    stats.put(digest, counted);
    report();
  }

  Feed feed() {
    return feed.get();
  }

  private void follow() {
    while (running) {
      try {
        Feed known = feed.get();
        HttpResponse<byte[]> answer = http.send(
            request("/internal/v1/feed?epoch=" + known.epoch() + "&revision=" + known.revision())
                .GET()
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() == 200) {
          Feed next = JSON.readValue(answer.body(), Feed.class);
          if (next.supersedes(known)) {
            feed.set(next);
            report();
          }
        }
      } catch (IOException e) {
        Thread.onSpinWait();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void beat() {
    while (running) {
      try {
        Thread.sleep(Duration.ofMillis(500));
      } catch (InterruptedException e) {
        return;
      }
      report();
    }
  }

  private void report() {
    Feed present = feed.get();
    List<Loaded> loaded = new ArrayList<>();
    for (Feed.Model model : present.models()) {
      if (selector.matches(model.name(), model.tags())) {
        model.versions().forEach(version -> loaded.add(loaded(model.name(), version)));
      }
    }
    var report = new ReplicaReport(
        name,
        "http://" + name,
        startedAt,
        Instant.now(),
        present.epoch(),
        present.revision(),
        selector,
        loaded);
    try {
      HttpResponse<String> answer = http.send(
          request("/internal/v1/reports")
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(report)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 204) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      if (running) {
        throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Loaded loaded(String model, Feed.Version version) {
    State state = broken.contains(version.digest())
        ? State.FAILED
        : slow.contains(version.digest()) ? State.LOADING : State.READY;
    return new Loaded(
        model,
        version.number(),
        version.digest(),
        state,
        state == State.FAILED ? "unknown operator Frobnicate" : null,
        null,
        null,
        stats.get(version.digest()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json")
        .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN);
  }

  @Override
  public void close() {
    running = false;
    follower.interrupt();
    heart.interrupt();
    http.shutdownNow();
  }
}
