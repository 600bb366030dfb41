package dev.slipway.registry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Feeds;
import dev.slipway.registry.release.Replicas;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class TrialTest {
  @Inject
  Scene scene;

  @Inject
  Replicas replicas;

  @Inject
  Feeds feeds;

  @Inject
  Clock clock;

  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private HttpServer gateway;
  private int status = 200;
  private String answer = "{\"outputs\": {\"label\": [\"<b>two</b>\"]}}";

  @BeforeEach
  void openGateway() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext("/", this::serve);
    gateway.start();
  }

  @AfterEach
  void closeGateway() {
    gateway.stop(0);
  }

  private void serve(HttpExchange call) throws IOException {
    asked.add(call.getRequestMethod() + " " + call.getRequestURI() + " "
        + call.getRequestHeaders().getFirst("Content-Type") + " "
        + call.getRequestHeaders().getFirst("X-Slipway-User") + " "
        + new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    call.getResponseHeaders().add("X-Slipway-Version", "1");
    call.getResponseHeaders().add("X-Slipway-Digest", "sha256:feed");
    call.getResponseHeaders().add("Location", "/elsewhere");
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, body.length);
    call.getResponseBody().write(body);
    call.close();
  }

  private String url() {
    return "http://127.0.0.1:" + gateway.getAddress().getPort();
  }

  private void load(String model, String url) {
    var loaded = new ReplicaReport.Loaded(
        model,
        1,
        Scene.digest(model, 1),
        ReplicaReport.State.READY,
        null,
        1L,
        null,
        ReplicaReport.Stats.none());
    replicas.report(new ReplicaReport(
        "trial-of-" + model,
        url,
        clock.instant(),
        clock.instant(),
        feeds.current().epoch(),
        feeds.current().revision(),
        new ReplicaReport.Selector(List.of(model), Map.of()),
        List.of(loaded)));
  }

  @Test
  void whatTheGatewayAnswersIsShownWithItsVersionDigestAndCommand() {
    scene.model("tried", 1);
    load("tried", url() + "/");
    Browser bob = Browser.as("bob");
    bob.get("/models/tried/versions/1").then().body(containsString("Ask the gateway"));

    bob.post("/models/tried/versions/1/try", Map.of("body", "{\"rows\": [[1, 'x']]}"))
        .then()
        .statusCode(200)
        .body(containsString("✓ answered, HTTP 200"))
        .body(containsString("&lt;b&gt;two&lt;/b&gt;"))
        .body(containsString("version <strong>1</strong> on trial-of-tried"))
        .body(containsString("sha256:feed"))
        .body(allOf(containsString("curl -H"), containsString("/models/tried/versions/1/predict")));
    assertThat(asked)
        .containsExactly(
            "POST /models/tried/versions/1/predict application/json bob {\"rows\": [[1, 'x']]}");
    bob.post("/models/tried/versions/1/try", Map.of("body", "a,b\n1,2\n"))
        .then()
        .statusCode(200);
    assertThat(asked).last().asString().contains(" text/csv bob a,b\n1,2");
  }

  @Test
  void refusalsOfTheGatewayAreShownAsTheyAreAndNothingIsFollowed() {
    scene.model("tried-wrong", 1);
    load("tried-wrong", url());
    Browser bob = Browser.as("bob");
    bob.get("/models/tried-wrong/versions/1");
    status = 400;
    answer = "{\"detail\": \"expected 4 columns, got 2\"}";
    bob.post("/models/tried-wrong/versions/1/try", Map.of("body", "{}"))
        .then()
        .statusCode(200)
        .body(containsString("✗ refused, HTTP 400"))
        .body(containsString("expected 4 columns, got 2"));
    status = 302;
    bob.post("/models/tried-wrong/versions/1/try", Map.of("body", "{}"))
        .then()
        .body(containsString("HTTP 302"));
    assertThat(asked).hasSize(2).noneMatch(it -> it.contains("elsewhere"));
    status = 200;
    answer = "x".repeat(100_000);
    bob.post("/models/tried-wrong/versions/1/try", Map.of("body", "{}"))
        .then()
        .body(containsString("That is the beginning"));
    gateway.stop(0);
    bob.post("/models/tried-wrong/versions/1/try", Map.of("body", "{}"))
        .then()
        .statusCode(503)
        .body(containsString("does not answer"));
  }

  @Test
  void onlyGatewaysThatTheRegistryKnowsAreAskedAndOnlyByItsOwnForm() {
    scene.model("tried-nowhere", 1);
    Browser bob = Browser.as("bob");
    for (String url : new String[] {"", "file:///etc/passwd"}) {
      if (!url.isEmpty()) {
        load("tried-nowhere", url);
      }
      bob.get("/models/tried-nowhere/versions/1")
          .then()
          .body(containsString("Not possible now"))
          .body(not(containsString("Ask the gateway")));
      bob.post("/models/tried-nowhere/versions/1/try", Map.of("body", "{}", "url", url()))
          .then()
          .statusCode(409);
    }
    load("tried-nowhere", url());
    bob.request()
        .formParam("form_token", "0".repeat(64))
        .formParam("body", "{}")
        .post("/models/tried-nowhere/versions/1/try")
        .then()
        .statusCode(403);
    assertThat(asked).isEmpty();
  }

  @Test
  void exampleFitsTheSignature() {
    var signature = new ModelSignature(
        List.of(
            new TensorSpec("X", DataType.FP32, Shape.of(-1, 2)),
            new TensorSpec("on", DataType.BOOL, Shape.of()),
            new TensorSpec("name", DataType.BYTES, Shape.of(1)),
            new TensorSpec("extra", DataType.INT64, Shape.of(1), true)),
        List.of());

    assertThat(ExampleBody.of(signature))
        .isEqualTo("{\"inputs\":{\"X\":[[1.0,1.0]],\"on\":true,\"name\":[\"1\"]}}");
    assertThat(ExampleBody.of(new ModelSignature(
            List.of(new TensorSpec("image", DataType.FP32, Shape.of(-1, 3, 224, 224))), List.of())))
        .isEmpty();
    assertThat(ExampleBody.of(null)).isEmpty();
  }
}
