package dev.slipway.serving.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.serving.registry.StoredManifest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The registry's internal API as the wire has it, over HTTP on loopback, with a directory as its store. */
public final class FakeRegistry implements AutoCloseable {
  public static final String TOKEN = "test-token";

  private final ObjectMapper json = WireJson.mapper();
  private final ObjectStore store;
  private final Map<Digest, StoredManifest> manifests = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private final Object feedLock = new Object();
  private final Duration poll;
  private HttpServer server;
  private int port;
  private Feed feed = Feed.empty();

  public final List<ReplicaReport> reports = new CopyOnWriteArrayList<>();
  public final Map<Long, JobResult> results = new ConcurrentHashMap<>();
  public final AtomicInteger manifestRequests = new AtomicInteger();
  public final AtomicInteger feedRequests = new AtomicInteger();
  public final AtomicInteger partialReports = new AtomicInteger();
  public volatile int resultStatus = 204;
  /** Whether it has lost what it was told before. */
  public volatile boolean forgetful;

  /**
   * @param bucket where the store keeps its objects
   * @param poll how long a long poll waits for news
   */
  public FakeRegistry(Path bucket, Duration poll) throws IOException {
    this.store = ObjectStores.open(new StoreSettings.Directory(bucket, true));
    this.poll = poll;
    start();
  }

  /** Listens, again on the same port after {@link #stop}. */
  public void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    port = server.getAddress().getPort();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/internal/v1/", this::handle);
    server.start();
  }

  public void stop() {
    server.stop(0);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public ObjectStore store() {
    return store;
  }

  /** Puts the files into the store; answers the version's digest. */
  public Digest publish(Map<String, String> files) {
    Map<String, byte[]> encoded = new HashMap<>();
    files.forEach((path, content) -> encoded.put(path, content.getBytes(StandardCharsets.UTF_8)));
    return publishBytes(encoded);
  }

  public Digest publishBytes(Map<String, byte[]> files) {
    List<StoredManifest.StoredFile> stored = new ArrayList<>();
    files.forEach((path, bytes) -> {
      String key = "blobs/" + Digest.of(bytes).hex();
      if (store.stat(key).isEmpty()) {
        store.put(key, new ByteArrayInputStream(bytes));
      }
      stored.add(new StoredManifest.StoredFile(
          new ArtifactPath(path), bytes.length, Digest.of(bytes), key));
    });
    return publish(new StoredManifest(stored));
  }

  public Digest publish(StoredManifest manifest) {
    Digest digest = manifest.toManifest().digest();
    manifests.put(digest, manifest);
    return digest;
  }

  /** Hands out {@code manifest} under a digest that may not be its own. */
  public void publishAs(Digest digest, StoredManifest manifest) {
    manifests.put(digest, manifest);
  }

  public void feed(Feed next) {
    synchronized (feedLock) {
      feed = next;
      feedLock.notifyAll();
    }
  }

  public void job(Job job) {
    jobs.add(job);
  }

  public ReplicaReport lastReport() {
    return reports.isEmpty() ? null : reports.getLast();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Slipway-Service-Token"))) {
        answer(exchange, 401, null);
        return;
      }
      String path = exchange.getRequestURI().getPath().substring("/internal/v1".length());
      if (path.equals("/feed")) {
        feed(exchange);
      } else if (path.startsWith("/manifests/")) {
        manifestRequests.incrementAndGet();
        StoredManifest manifest = manifests.get(new Digest(path.substring("/manifests/".length())));
        answer(exchange, manifest == null ? 404 : 200, manifest);
      } else if (path.equals("/reports")) {
        report(exchange, json.readValue(exchange.getRequestBody(), ReplicaReport.class));
      } else if (path.equals("/jobs/claim")) {
        Job job = jobs.poll(poll.toMillis(), TimeUnit.MILLISECONDS);
        answer(exchange, job == null ? 204 : 200, job);
      } else {
        long job = Long.parseLong(path.split("/")[2]);
        results.put(job, json.readValue(exchange.getRequestBody(), JobResult.class));
        answer(exchange, resultStatus, null);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is kept in {@link #reports} is whole. */
  private void report(HttpExchange exchange, ReplicaReport report) throws IOException {
    ReplicaReport last = lastReport();
    if (report.part() == null) {
      reports.add(report);
    } else if (last != null && last.list() == report.part().since() && !forgetful) {
      Map<ReplicaReport.Key, ReplicaReport.Loaded> list = new LinkedHashMap<>();
      last.loaded().forEach(loaded -> list.put(loaded.key(), loaded));
      report.loaded().forEach(loaded -> list.put(loaded.key(), loaded));
      report.part().gone().forEach(list::remove);
      reports.add(report.telling(List.copyOf(list.values()), report.list(), null));
      partialReports.incrementAndGet();
    } else {
      answer(exchange, 409, null);
      return;
    }
    exchange.getResponseHeaders().add("X-Slipway-Kept-List", Long.toString(report.list()));
    answer(exchange, 204, null);
  }

  private void feed(HttpExchange exchange) throws IOException, InterruptedException {
    feedRequests.incrementAndGet();
    String query = exchange.getRequestURI().getQuery();
    long until = System.nanoTime() + poll.toNanos();
    Feed answer;
    synchronized (feedLock) {
      while (query.equals("epoch=" + feed.epoch() + "&revision=" + feed.revision())
          && until - System.nanoTime() > 0) {
        feedLock.wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
      }
      answer = feed;
    }
    boolean same = query.equals("epoch=" + answer.epoch() + "&revision=" + answer.revision());
    answer(exchange, same ? 304 : 200, same ? null : answer);
  }

  private void answer(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = body == null ? new byte[0] : json.writeValueAsBytes(body);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    stop();
    store.close();
  }
}
