package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.common.report.ReplicaReport.State;
import dev.slipway.common.report.ReplicaReport.Stats;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Database;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The comparison over kept requests is for a gateway that keeps some. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class AgreementJobsTest {
  private static final String KIND = Job.check("agreement");

  @Inject
  Scene scene;

  @Inject
  Jobs jobs;

  @Inject
  Replicas replicas;

  @Inject
  Database database;

  @Inject
  Clock clock;

  @Test
  void whoKeepsNoRequestsDoesNotGetTheJobWhileAnotherKeepsSome() throws Exception {
    scene.model("agreement-kept", 1);
    report("agreement-with", "agreement-kept", true);
    report("agreement-without", "agreement-kept", null);
    queue("agreement-kept");

    assertThat(claim("agreement-without", "agreement-kept")).isEmpty();
    assertThat(claim("agreement-with", "agreement-kept")).isPresent();
  }

  @Test
  void whereNobodyKeepsSomeAnybodyMaySaySo() throws Exception {
    scene.model("agreement-unkept", 1);
    scene.model("agreement-other", 1);
    report("agreement-elsewhere", "agreement-other", true);
    queue("agreement-unkept");

    assertThat(claim("agreement-anybody", "agreement-unkept")).isPresent();
  }

  /** Other tests' jobs go by. */
  private Optional<Job> claim(String replica, String model) throws InterruptedException {
    var claim = new JobClaim(replica, List.of(KIND));
    Optional<Job> job = jobs.claim(claim, Duration.ZERO);
    while (job.isPresent() && !job.get().model().equals(model)) {
      job = jobs.claim(claim, Duration.ZERO);
    }
    return job;
  }

  private void queue(String model) {
    database.update("""
        insert into job (kind, version_id, parameters, state, created_at)
        select ?, v.id, '{}', 'queued', ? from model_version v join registered_model m on m.id = v.model_id
         where m.name = ?
        """, KIND, clock.instant(), model);
  }

  private void report(String replica, String model, Boolean sampled) {
    var loaded = new Loaded(
        model, 1, Scene.digest(model, 1), State.READY, null, null, null, Stats.none(), sampled);
    replicas.report(new ReplicaReport(
        replica,
        null,
        clock.instant(),
        clock.instant(),
        "e",
        1,
        new ReplicaReport.Selector(List.of(model), Map.of()),
        List.of(loaded)));
  }
}
