package dev.slipway.registry.watch;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.problem.RegistryException.Unavailable;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class WatchTest {
  @Inject
  Scene scene;

  @Inject
  Watch watch;

  @Inject
  Stamps stamps;

  @Inject
  Notifications notifications;

  @Inject
  DataSource source;

  @TestHTTPResource("/")
  URI base;

  /** The ids of the events of one connection. */
  private final class Stream implements AutoCloseable {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();

    Stream(String topic, String since) throws Exception {
      String query =
          "?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8) + "&since=" + since;
      HttpResponse<java.util.stream.Stream<String>> answer = client.send(
          HttpRequest.newBuilder(base.resolve("/events" + query)).build(), BodyHandlers.ofLines());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
      Thread.ofVirtual().start(() -> {
        try {
          answer.body().filter(line -> line.startsWith("id:")).forEach(lines::add);
        } catch (UncheckedIOException closed) {
          lines.add("closed");
        }
      });
    }

    String next() throws InterruptedException {
      return lines.poll(10, TimeUnit.SECONDS);
    }

    boolean isQuiet() throws InterruptedException {
      return lines.poll(1_500, TimeUnit.MILLISECONDS) == null;
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  private String stamp(String model) {
    return watch.stamp(new Topic.OfModel(model));
  }

  @Test
  void whatPeopleDoIsAnnouncedToWhoLooksAtIt() throws Exception {
    scene.model("watched", 1);
    scene.model("elsewhere", 1);
    ask("watched", 1, "Staging");
    long request = ask("watched", 1, "Production");
    try (var model = new Stream("model/watched", stamp("watched"));
        var other = new Stream("model/elsewhere", stamp("elsewhere"));
        var asked = new Stream("request/" + request, watch.stamp(new Topic.OfRequest(request)))) {
      put("alice", "/models/watched/tags/team", Map.of("value", "risk")).then().statusCode(200);
      assertThat(model.next()).isEqualTo("id:" + stamp("watched"));
      Scene.post("bob", "/requests/" + request + "/comments", Map.of("body", "hm"))
          .then()
          .statusCode(201);
      assertThat(asked.next()).isNotNull();
      Scene.approve("bob", request).then().statusCode(200);
      assertThat(asked.next()).isNotNull();
      assertThat(model.next()).isNotNull();
      assertThat(other.isQuiet()).isTrue();
    }
  }

  @Test
  void theQueueIsAnnouncedWhenARequestComesAndWhenItIsDecided() throws Exception {
    scene.model("queued-live", 1);
    ask("queued-live", 1, "Staging");
    try (var queue = new Stream("requests", watch.stamp(new Topic.OfQueue()))) {
      long request = ask("queued-live", 1, "Production");
      assertThat(queue.next()).isNotNull();
      String open = watch.stamp(new Topic.OfQueue());
      Scene.post("bob", "/requests/" + request + "/reject", Map.of()).then().statusCode(200);
      assertThat(queue.next()).isNotNull();
      assertThat(watch.stamp(new Topic.OfQueue())).isNotEqualTo(open);
    }
  }

  @Test
  void whatAnotherRegistryWritesIsAnnouncedToo() throws Exception {
    scene.model("written-elsewhere", 1);
    try (var stream = new Stream("model/written-elsewhere", stamp("written-elsewhere"));
        Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "update model_version set description = 'other' where model_id = (select id from registered_model where name = 'written-elsewhere')");
      assertThat(stream.next()).isEqualTo("id:" + stamp("written-elsewhere"));
    }
  }

  @Test
  void whatChangedBetweenThePageAndItsConnectionIsNotMissed() throws Exception {
    scene.model("between", 1);
    String seen = stamp("between");
    put("alice", "/models/between/tags/team", Map.of("value", "risk")).then().statusCode(200);
    try (var stream = new Stream("model/between", seen)) {
      assertThat(stream.next()).isEqualTo("id:" + stamp("between"));
    }
  }

  @Test
  void lookingChangesNothing() {
    scene.model("looked-at", 2);
    Scene.promote("looked-at", 1);
    ask("looked-at", 2, "Staging");
    long request = ask("looked-at", 2, "Production");
    List<Topic> topics = List.of(
        new Topic.OfModel("looked-at"), new Topic.OfRequest(request), new Topic.OfGateways());
    Map<Topic, String> before = settled(topics);
    assertThat(before).hasSize(3);
    for (String page : new String[] {"/models/looked-at", "/requests/" + request, "/gateways"}) {
      given().get(page).then().statusCode(200);
    }
    assertThat(stamps.of(topics)).isEqualTo(before);
  }

  /** What the registry finds out about a new request changes it for a moment. */
  private Map<Topic, String> settled(List<Topic> topics) {
    var last = new AtomicReference<Map<Topic, String>>(Map.of());
    await().pollInterval(Duration.ofMillis(1_500)).until(() -> {
      Map<Topic, String> now = stamps.of(topics);
      return now.equals(last.getAndSet(now));
    });
    return last.get();
  }

  @Test
  void whatIsNotATopicIsRefused() {
    for (String topic : new String[] {"", "model", "request/x", "feed"}) {
      given().queryParam("topic", topic).get("/events").then().statusCode(400);
    }
  }

  @Test
  void whoLeavesIsForgotten() throws Exception {
    scene.model("left", 1);
    int before = watch.viewers();
    try (var stream = new Stream("model/left", stamp("left"))) {
      Awaitility.await().until(() -> watch.viewers() == before + 1);
      assertThat(stream.isQuiet()).isTrue();
    }
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> watch.viewers() == before);
  }

  @Test
  void viewersAreBoundedAndToldWhenTheRegistryStops() {
    var own = new Watch(stamps, notifications);
    own.start(null);
    var ended = new AtomicInteger();
    Watch.Viewer viewer = new Watch.Viewer() {
      @Override
      public void changed(String stamp) {}

      @Override
      public void quiet() {}

      @Override
      public void end() {
        ended.incrementAndGet();
      }
    };
    List<Runnable> leaves = new ArrayList<>();
    var topic = new Topic.OfModel("nobody-made-this");
    for (int i = 0; i < Watch.MOST_VIEWERS; i++) {
      leaves.add(own.follow(topic, "", viewer));
    }
    assertThatThrownBy(() -> own.follow(topic, "", viewer)).isInstanceOf(Unavailable.class);
    leaves.removeLast().run();
    own.follow(topic, "", viewer);

    own.stop(null);

    assertThat(ended).hasValue(Watch.MOST_VIEWERS);
    assertThatThrownBy(() -> own.follow(topic, "", viewer)).isInstanceOf(Unavailable.class);
  }
}
