package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.Part;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.problem.RegistryException.Conflict;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A gateway's list of versions is told whole once, and then by what changed. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ReplicaListsTest {
  private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

  @Inject
  Replicas replicas;

  @Inject
  Clock clock;

  @Test
  void whatChangedReplacesWhatWasThereAndTheRestStays() {
    replicas.report(report("lists-1", 1, null, loaded("a", State.READY), loaded("b", State.READY)));
    replicas.report(report(
        "lists-1",
        2,
        new Part(1, List.of(loaded("a", State.READY).key())),
        loaded("b", State.FAILED),
        loaded("c", State.READY)));
    assertThat(kept("lists-1").loaded())
        .containsExactlyInAnyOrder(loaded("b", State.FAILED), loaded("c", State.READY));

    Instant before = heardAt("lists-1");
    replicas.report(report("lists-1", 2, new Part(2, List.of())));
    assertThat(kept("lists-1").loaded()).hasSize(2);
    assertThat(heardAt("lists-1")).isAfterOrEqualTo(before);
    replicas.report(report("lists-1", 3, new Part(2, List.of()), loaded("d", State.READY)));
    assertThat(kept("lists-1").loaded()).hasSize(3);
  }

  @Test
  void aListThatEmptiesIsEmpty() {
    replicas.report(report("lists-2", 1, null, loaded("a", State.READY)));
    ReplicaReport.Key gone = loaded("a", State.READY).key();
    replicas.report(report("lists-2", 2, new Part(1, List.of(gone))));
    assertThat(kept("lists-2").loaded()).isEmpty();
    replicas.report(report("lists-2", 3, new Part(2, List.of()), loaded("b", State.READY)));
    assertThat(kept("lists-2").loaded()).containsExactly(loaded("b", State.READY));
  }

  @Test
  void whatIsRelativeToAnotherListIsRefusedAndChangesNothing() {
    ReplicaReport unknown = report("lists-3", 5, new Part(4, List.of()), loaded("x", State.READY));
    assertThatThrownBy(() -> replicas.report(unknown)).isInstanceOf(Conflict.class);

    replicas.report(report("lists-3", 1, null, loaded("a", State.READY)));
    assertThatThrownBy(() -> replicas.report(unknown)).isInstanceOf(Conflict.class);
    ReplicaReport restarted = new ReplicaReport(
        "lists-3",
        null,
        STARTED.plusSeconds(9),
        STARTED,
        "e",
        7,
        null,
        List.of(loaded("x", State.READY)),
        2,
        new Part(1, List.of()));
    assertThatThrownBy(() -> replicas.report(restarted)).isInstanceOf(Conflict.class);
    assertThat(kept("lists-3").loaded()).containsExactly(loaded("a", State.READY));
  }

  @Test
  void theGatewayIsToldWhichListIsKept() {
    Map<String, Object> body = Map.of(
        "replica", "lists-4", "started_at", STARTED, "epoch", "e", "loaded", List.of(), "list", 41);
    RestAssured.given()
        .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN)
        .contentType("application/json")
        .body(body)
        .post("/internal/v1/reports")
        .then()
        .statusCode(204)
        .header("X-Slipway-Kept-List", "41");
  }

  private ReplicaReport kept(String replica) {
    return status(replica).report();
  }

  private Instant heardAt(String replica) {
    return status(replica).heardAt();
  }

  private Replicas.Status status(String replica) {
    return replicas.list().stream()
        .filter(status -> status.report().replica().equals(replica))
        .findFirst()
        .orElseThrow();
  }

  private ReplicaReport report(String replica, long list, Part part, Loaded... loaded) {
    return new ReplicaReport(
        replica, null, STARTED, clock.instant(), "e", 7, null, List.of(loaded), list, part);
  }

  private static Loaded loaded(String model, State state) {
    Digest digest = Digest.of(model.getBytes(StandardCharsets.UTF_8));
    return new Loaded("lists-" + model, 1, digest, state, null, null, null, Stats.none());
  }
}
