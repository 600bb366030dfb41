package dev.slipway.serving.probe;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.engine.FirstTry;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Lets the child process have what is to be loaded before its inspection is done, as after an upload that is promoted at once: what
 * crashes or exhausts whatever loads it must not be loaded beside the versions that serve.
 */
@Singleton
class InspectedFirst implements FirstTry {
  private static final Logger LOG = Logger.getLogger(InspectedFirst.class);

  private final boolean enabled;
  private final TaskRunner runner;

  InspectedFirst(ServingConfig config, TaskRunner runner) {
    this.enabled = config.jobs().enabled();
    this.runner = runner;
  }

  @Override
  public Optional<String> objection(Path folder, long bytes) throws InterruptedException {
    if (!enabled) {
      return Optional.empty();
    }
    JobResult result =
        runner.run(new ProbeTask(Job.INSPECT, folder.toString(), bytes, null, Map.of()));
    if (result.outcome() == Outcome.FAILED) {
      LOG.warnf("A version is loaded untried: %s", result.reason());
    }
    return result.outcome() == Outcome.NOT_SERVABLE
        ? Optional.of(result.reason())
        : Optional.empty();
  }
}
