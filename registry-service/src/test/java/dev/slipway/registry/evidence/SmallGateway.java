package dev.slipway.registry.evidence;

import static org.awaitility.Awaitility.await;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.registry.release.Jobs;
import dev.slipway.registry.release.Scene;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hamcrest.Matcher;

/** Answers jobs as a gateway would. */
@ApplicationScoped
class SmallGateway {
  static final String NAME = "gateway";

  private final Jobs jobs;

  SmallGateway(Jobs jobs) {
    this.jobs = jobs;
  }

  /** Waits for the version's job of that kind, as a gateway would, and answers it. */
  void answer(String model, int version, String kind, JobResult result)
      throws InterruptedException {
    Job job = await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> claim(model, version, kind), Optional::isPresent)
        .orElseThrow();
    jobs.finish(job.id(), result.by(NAME));
  }

  /** Jobs of other tests' models are dropped by the way: nobody waits for them. */
  private Optional<Job> claim(String model, int version, String kind) throws InterruptedException {
    Function<Job, Boolean> wanted = job -> job.model().equals(model) && job.version() == version;
    var claim = new JobClaim(NAME, List.of(kind));
    while (true) {
      Optional<Job> job = jobs.claim(claim, Duration.ZERO);
      if (job.isEmpty() || wanted.apply(job.get())) {
        return job;
      }
    }
  }

  static void awaitCheck(long request, String name, Matcher<String> verdict) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () -> Scene.get("/requests/" + request).body(check(name) + ".verdict", verdict));
  }

  static String check(String name) {
    return "checks.find { it.name == '" + name + "' }";
  }
}
