package dev.slipway.registry.release;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.model.Servability;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.problem.RegistryException.Conflict;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class JobLeaseTest {
  @Inject
  Scene scene;

  @Inject
  Database database;

  @Inject
  Versions versions;

  @Inject
  Servability servability;

  @Inject
  Notifications notifications;

  @Inject
  AfterCommit afterCommit;

  @Inject
  ObjectMapper json;

  @Inject
  Event<JobEnded> ended;

  @Inject
  Clock clock;

  @Test
  void jobWhoseLeaseRanOutIsClaimedAgainAndTheLateAnswerIsRefused() throws Exception {
    scene.model("leased", 1);
    Job first = claimOf("leased", "slow", Duration.ZERO).orElseThrow();
    assertThat(claimOf("leased", "quick", Jobs.LEASE.minusSeconds(1)))
        .as("under lease")
        .isEmpty();

    Job second = claimOf("leased", "quick", Jobs.LEASE.plusSeconds(1)).orElseThrow();

    assertThat(second.id()).isEqualTo(first.id());
    assertThatThrownBy(() -> finish(first.id(), "slow"))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("drop the result");
    assertThat(scene.get("leased", 1).servable().state()).isEqualTo(Servable.State.UNKNOWN);
    finish(second.id(), "quick");
    assertThat(scene.get("leased", 1).servable().state()).isEqualTo(Servable.State.YES);
    assertThat(said("leased")).containsExactly("quick said yes");
  }

  @Test
  void jobThatKilledThreeProcessesIsGivenUpAndTheVersionSaysSo() throws Exception {
    scene.model("deadly", 1);
    for (int attempt = 0; attempt < Jobs.MAX_ATTEMPTS; attempt++) {
      Duration after = Jobs.LEASE.plusSeconds(1).multipliedBy(attempt);
      assertThat(claimOf("deadly", "victim-" + attempt, after)).isPresent();
    }
    Duration last = Jobs.LEASE.plusSeconds(1).multipliedBy(Jobs.MAX_ATTEMPTS);
    assertThat(claimOf("deadly", "victim-4", last)).isEmpty();

    QuarkusTransaction.requiringNew().run(() -> jobsAt(last).giveUpExpired());

    Servable servable = scene.get("deadly", 1).servable();
    assertThat(servable.state()).isEqualTo(Servable.State.UNKNOWN);
    assertThat(servable.reason()).contains("3 attempts").contains("did not come back");
  }

  @Test
  void inspectionThatEndsWhileSomebodyChangesTheVersionIsKeptAndSoIsTheChange() throws Exception {
    scene.model("edited", 1);
    Job job = claimOf("edited", "replica", Duration.ZERO).orElseThrow();

    QuarkusTransaction.requiringNew().run(() -> {
      versions.get("edited", 1);
      finish(job.id(), "replica");
      versions.update(Scene.ALICE, "edited", 1, "new words", null);
    });

    assertThat(scene.get("edited", 1).servable().state()).isEqualTo(Servable.State.YES);
    assertThat(scene.get("edited", 1).description()).isEqualTo("new words");
  }

  /** What the audit log has on who said whether version 1 can be served. */
  private static List<String> said(String model) {
    List<Map<String, Object>> entries = given()
        .get("/api/v1/audit?object=model/" + model + "/version/1")
        .jsonPath()
        .getList("entries.findAll { it.action == 'version.inspect' }");
    return entries.stream()
        .map(it -> it.get("actor") + " said " + ((Map<?, ?>) it.get("after")).get("servable"))
        .toList();
  }

  private void finish(long job, String replica) {
    var result =
        new JobResult(replica, JobResult.Outcome.SERVABLE, null, "onnx", null, java.util.Map.of());
    QuarkusTransaction.requiringNew().run(() -> jobsAt(Duration.ZERO).finish(job, result));
  }

  /** Claims, in the name of {@code replica}, until the job of that model comes or none is left. Other tests' jobs go by. */
  private Optional<Job> claimOf(String model, String replica, Duration later) throws Exception {
    Jobs jobs = jobsAt(later);
    var claim = new JobClaim(replica, List.of(Job.INSPECT));
    Optional<Job> job = jobs.claim(claim, Duration.ZERO);
    while (job.isPresent() && !job.get().model().equals(model)) {
      job = jobs.claim(claim, Duration.ZERO);
    }
    return job;
  }

  private Jobs jobsAt(Duration later) {
    return new Jobs(
        database, servability, notifications, afterCommit, json, ended, Clock.offset(clock, later));
  }
}
