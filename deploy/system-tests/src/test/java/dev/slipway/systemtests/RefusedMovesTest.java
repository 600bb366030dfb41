package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the default policy refuses, with the status and with a message that says what to do. */
class RefusedMovesTest {
  private static final AtomicInteger MODELS = new AtomicInteger();
  private static Cluster cluster;

  private final String model = "refused-" + MODELS.incrementAndGet();
  private RegistryApi registry;
  private int version;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual().withServings(0));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void registerOneVersion() {
    registry = cluster.registry();
    registry.createModel(model).expect(201);
    version = registry.addVersion(model, IrisModels.onnx(1));
  }

  @Test
  void theRequesterCannotApprove() {
    long request = asked();

    refused(
        registry.decide(request, "approve", RegistryApi.AUTHOR),
        403,
        "requester-approval",
        "somebody else",
        "someone else",
        "another");
    assertThat(registry.live(model)).isZero();
  }

  @Test
  void nobodyApprovesTwice() {
    registry
        .putPolicy(
            model,
            RegistryApi.body(
                "mode",
                "reviewed",
                "moves",
                RegistryApi.body("Production", RegistryApi.body("approvals", 2))))
        .expect(200);
    long request = asked();
    registry.decide(request, "approve", RegistryApi.REVIEWER).expect(200);

    refused(registry.decide(request, "approve", RegistryApi.REVIEWER), 409, "already", "already");
    assertThat(registry.live(model)).isZero();
  }

  @Test
  void aWithdrawnRequestCannotBeApproved() {
    long request = asked();
    registry.decide(request, "withdraw", RegistryApi.AUTHOR).expect(200);

    refused(
        registry.decide(request, "approve", RegistryApi.REVIEWER), 409, "withdrawn", "withdrawn");
    assertThat(registry.live(model)).isZero();
  }

  @Test
  void aMoveOutsideTheTableIsRefused() {
    refused(
        registry.request(model, version, "Production", RegistryApi.AUTHOR),
        409,
        "Staging",
        "Staging");
  }

  @Test
  void thereIsNothingToRollBackToBeforeASecondVersionWasLive() {
    refused(registry.rollback(model, RegistryApi.AUTHOR), 409, "no-live-version", "Production");
    makeLive();
    refused(registry.rollback(model, RegistryApi.AUTHOR), 409, "no-earlier-live-version", "retire");
    assertThat(registry.live(model)).isEqualTo(version);
  }

  @Test
  void theLiveVersionAndItsModelCannotBeDeleted() {
    makeLive();

    refused(delete(RegistryApi.pathOf(model, version)), 409, "live", "retire", "first");
    refused(delete(RegistryApi.pathOf(model)), 409, "live", "retire", "first");
    assertThat(registry.live(model)).isEqualTo(version);
  }

  private long asked() {
    return registry
        .askForProduction(model, version)
        .expect(201)
        .json()
        .path("id")
        .asLong();
  }

  private void makeLive() {
    Answer asked = registry.askForProduction(model, version).expect(201);
    registry
        .decide(asked.json().path("id").asLong(), "approve", RegistryApi.REVIEWER)
        .expect(200);
    assertThat(registry.awaitRelease(asked.json()).path("message").asText())
        .contains("live on 0 of 0");
  }

  private Answer delete(String path) {
    return Http.json("DELETE", registry.url().resolve(path), RegistryApi.AUTHOR, null);
  }

  private static void refused(Answer answer, int status, String... anyOf) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type"))
        .get()
        .asString()
        .contains("problem+json");
    assertThat(answer.text("type")).startsWith("urn:slipway:problem:");
    assertThat(answer.body().toLowerCase(java.util.Locale.ROOT))
        .containsAnyOf(java.util.Arrays.stream(anyOf)
            .map(text -> text.toLowerCase(java.util.Locale.ROOT))
            .toArray(String[]::new));
  }
}
