package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens around a request while it is open: the packaged services, two registries, the native API. */
class OpenRequestsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CAROL = "carol";
  private static final AtomicInteger MODELS = new AtomicInteger();
  private static Cluster cluster;

  private final String model = "opened-" + MODELS.incrementAndGet();
  private RegistryApi registry;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual().withDirectory().withRegistries(2));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Two versions, of which the first is live. */
  @BeforeEach
  void register() {
    registry = cluster.registry();
    IrisModels.register(registry, model);
    registry.promote(model, 1);
  }

  @Test
  void aReviewerRejectsWhatWouldBreakItsCallers() {
    registry.needsApprovals(model, 1, "signature");
    int broken = registry.addVersion(model, FixtureModels.get("multi-io").content());
    long request = asked(broken);
    awaitRequest(request, state -> verdict(state, "signature").equals("red"));

    Answer approved = registry.decide(request, "approve", RegistryApi.REVIEWER).expect(409);
    assertThat(approved.text("detail")).contains("signature");
    registry.decide(request, "reject", RegistryApi.REVIEWER).expect(200);

    assertThat(request(registry, request).path("state").asText()).isEqualTo("rejected");
    assertThat(registry.decide(request, "approve", CAROL).status()).isEqualTo(409);
    assertThat(registry.live(model)).isEqualTo(1);
  }

  @Test
  void twoReviewersAtOnceOnTwoRegistriesBothCountAndTheMoveIsMadeOnce() {
    registry.needsApprovals(model, 2);
    long request = asked(2);
    RegistryApi other = new RegistryApi(cluster.registries().getLast().url());

    var bob = CompletableFuture.supplyAsync(
        () -> registry.decide(request, "approve", RegistryApi.REVIEWER));
    var carol = CompletableFuture.supplyAsync(() -> other.decide(request, "approve", CAROL));

    bob.join().expect(200);
    carol.join().expect(200);
    JsonNode applied =
        awaitRequest(request, state -> state.path("state").asText().equals("applied"));
    assertThat(applied.path("approvals_valid").asInt()).isEqualTo(2);
    assertThat(releasesOfVersion2()).isEqualTo(1);
    assertThat(other.live(model)).isEqualTo(2);
  }

  @Test
  void aPolicyThatIsTightenedVoidsWhatWasApprovedUnderTheOneBefore() {
    registry.needsApprovals(model, 2);
    long request = asked(2);
    registry.decide(request, "approve", RegistryApi.REVIEWER).expect(200);

    registry.needsApprovals(model, 2, "ci/build");

    JsonNode open = request(registry, request);
    assertThat(open.path("state").asText()).isEqualTo("open");
    assertThat(open.path("approvals_valid").asInt()).isZero();
    assertThat(open.at("/approvals/0/void").asBoolean()).isTrue();
    assertThat(open.at("/approvals/0/void_reason").asText()).contains("policy");
    assertThat(registry.decide(request, "approve", CAROL).expect(409).text("detail"))
        .contains("ci/build");
    assertThat(registry.live(model)).isEqualTo(1);
  }

  @Test
  void aVersionThatGoesLiveMeanwhileVoidsTheComparisonThatWasApproved() {
    int third = registry.addVersion(model, IrisModels.onnx(2));
    registry.needsApprovals(model, 2);
    long request = asked(2);
    registry.decide(request, "approve", RegistryApi.REVIEWER).expect(200);
    long urgent = asked(third);
    registry.decide(urgent, "approve", RegistryApi.REVIEWER).expect(200);
    registry.decide(urgent, "approve", CAROL).expect(200);
    awaitRequest(urgent, state -> state.path("state").asText().equals("applied"));
    assertThat(registry.live(model)).isEqualTo(third);

    Answer late = registry.decide(request, "approve", CAROL);

    assertThat(late.expect(409).text("type")).endsWith(":live-changed");
    JsonNode open = request(registry, request);
    assertThat(open.at("/approvals/0/void").asBoolean()).as(open.toString()).isTrue();
    assertThat(open.at("/approvals/0/void_reason").asText()).contains("live");
    assertThat(registry.live(model)).isEqualTo(third);
  }

  @Test
  void aRequiredCheckOfAnotherSystemHasToBeGreenAndItsTurnVoidsApprovals() {
    registry.needsApprovals(model, 2, "ci/build");
    long request = asked(2);
    assertThat(registry
            .decide(request, "approve", RegistryApi.REVIEWER)
            .expect(409)
            .text("detail"))
        .contains("ci/build");

    report(request, "green");
    registry.decide(request, "approve", RegistryApi.REVIEWER).expect(200);
    report(request, "red");
    assertThat(request(registry, request).at("/approvals/0/void").asBoolean()).isTrue();
    assertThat(registry.decide(request, "approve", CAROL).status()).isEqualTo(409);

    report(request, "green");
    registry.decide(request, "approve", RegistryApi.REVIEWER).expect(200);
    registry.decide(request, "approve", CAROL).expect(200);
    awaitRequest(request, state -> state.path("state").asText().equals("applied"));
    assertThat(registry.live(model)).isEqualTo(2);
  }

  private long asked(int version) {
    return registry
        .askForProduction(model, version)
        .expect(201)
        .json()
        .path("id")
        .asLong();
  }

  private void report(long request, String verdict) {
    registry
        .post(
            "/api/v1/requests/" + request + "/checks",
            "ci",
            Map.of("name", "ci/build", "verdict", verdict, "url", "https://ci.example.org/1"))
        .expect(200);
  }

  private long releasesOfVersion2() {
    return registry
        .getModel(model, "/releases")
        .expect(200)
        .json()
        .path("releases")
        .valueStream()
        .filter(release -> release.path("to_version").asInt() == 2)
        .count();
  }

  private static String verdict(JsonNode request, String check) {
    return request
        .path("checks")
        .valueStream()
        .filter(one -> one.path("name").asText().equals(check))
        .map(one -> one.path("verdict").asText())
        .findFirst()
        .orElse("");
  }

  private JsonNode awaitRequest(long id, Predicate<JsonNode> wanted) {
    return Awaitility.await().atMost(PATIENCE).until(() -> request(registry, id), wanted);
  }

  private static JsonNode request(RegistryApi registry, long id) {
    return Http.get(registry.url().resolve("/api/v1/requests/" + id))
        .expect(200)
        .json();
  }
}
