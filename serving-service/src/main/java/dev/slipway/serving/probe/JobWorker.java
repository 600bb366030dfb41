package dev.slipway.serving.probe;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.cache.ArtifactException;
import dev.slipway.serving.cache.CachedVersion;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.RegistryException;
import dev.slipway.serving.registry.ReplicaIdentity;
import dev.slipway.serving.sample.SampleRing;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Claims one job after the other and hands in what came of it, until the lease ends. */
@Singleton
class JobWorker {
  private static final Logger LOG = Logger.getLogger(JobWorker.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final boolean enabled;
  private final Path samples;
  private final RegistryClient registry;
  private final JobClaim claim;
  private final ArtifactCache cache;
  private final TaskRunner runner;
  private final Clock clock;
  private final Thread thread = Thread.ofPlatform().daemon().name("jobs").unstarted(this::run);
  private volatile boolean stopped;

  JobWorker(
      ServingConfig config,
      RegistryClient registry,
      ReplicaIdentity identity,
      ArtifactCache cache,
      TaskRunner runner,
      Clock clock) {
    this.enabled = config.jobs().enabled();
    this.samples = SampleRing.in(config.dataDir());
    this.registry = registry;
    this.claim = new JobClaim(identity.id(), ProbeMain.kinds());
    this.cache = cache;
    this.runner = runner;
    this.clock = clock;
  }

  void start(@Observes StartupEvent starting) {
    if (enabled) {
      thread.start();
    }
  }

  void stop(@Observes ShutdownEvent stopping) {
    stopped = true;
    thread.interrupt();
  }

  private void run() {
    int failures = 0;
    while (!stopped) {
      try {
        Optional<Job> job = registry.claim(claim);
        failures = 0;
        if (job.isPresent()) {
          LOG.infof(
              "Job %d: %s version %d of %s",
              job.get().id(), job.get().kind(), job.get().version(), job.get().model());
          handIn(job.get(), answer(job.get()));
        } else {
          runner.rest();
        }
      } catch (RegistryException | RuntimeException | Error failed) {
        if (failures++ == 0) {
          LOG.warnf("No jobs: %s", failed.getMessage());
        }
        if (!pause(failures)) {
          return;
        }
      } catch (InterruptedException stopping) {
        return;
      }
    }
  }

  /** Always an answer: FAILED when it is the job that broke, so that it may be tried again. */
  private JobResult answer(Job job) throws InterruptedException {
    String live = job.parameters().get("live_digest");
    try (CachedVersion files = cache.open(job.digest());
        CachedVersion liveFiles = live == null ? null : cache.open(new Digest(live))) {
      return runner
          .run(new ProbeTask(
              job.kind(),
              files.folder().toString(),
              files.totalSize(),
              liveFiles == null ? null : liveFiles.folder().toString(),
              parameters(job)))
          .by(claim.replica());
    } catch (ArtifactException failed) {
      return new JobResult(
          claim.replica(), Outcome.FAILED, failed.getMessage(), null, null, Map.of());
    }
  }

  /** What is on this machine only, the registry cannot name. */
  private Map<String, String> parameters(Job job) {
    if (!job.kind().equals(Job.check("agreement"))) {
      return job.parameters();
    }
    Map<String, String> parameters = new HashMap<>(job.parameters());
    parameters.put(
        Agreement.SAMPLES, SampleRing.of(samples, job.model()).folder().toString());
    return parameters;
  }

  /** The work is done: it is worth trying again as long as nobody else may claim the job. */
  private void handIn(Job job, JobResult result) throws InterruptedException, RegistryException {
    Instant until = job.leaseUntil() == null ? clock.instant() : job.leaseUntil();
    for (int attempt = 1; ; attempt++) {
      try {
        if (!registry.finish(job.id(), result)) {
          LOG.warnf("Job %d was given to somebody else meanwhile", job.id());
        }
        return;
      } catch (RegistryException failed) {
        if (failed.kind() != RegistryException.Kind.UNREACHABLE
            || clock.instant().isAfter(until)) {
          throw failed;
        }
        if (!pause(attempt)) {
          throw new InterruptedException();
        }
      }
    }
  }

  private static boolean pause(int failures) {
    long longest =
        Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(failures, 8));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
      return true;
    } catch (InterruptedException stopping) {
      return false;
    }
  }
}
