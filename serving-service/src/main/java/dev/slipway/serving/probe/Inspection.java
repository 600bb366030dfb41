package dev.slipway.serving.probe;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.cache.ArtifactException;
import dev.slipway.serving.cache.CachedVersion;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.TrialRun;
import dev.slipway.serving.engine.UnservedFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Loads a version as it would be loaded to serve, looks at it, and lets it go. Only the files decide: nothing of the model is run but the model. */
final class Inspection {
  private static final Logger LOG = Logger.getLogger(Inspection.class);

  private final String replica;
  private final ArtifactCache cache;
  private final Engines engines;

  Inspection(String replica, ArtifactCache cache, Engines engines) {
    this.replica = replica;
    this.cache = cache;
    this.engines = engines;
  }

  /** Always an answer: FAILED when it is the job that broke, so that it may be tried again. */
  JobResult inspect(Job job) throws InterruptedException {
    try (CachedVersion files = cache.open(job.digest())) {
      return inspect(files);
    } catch (ArtifactException failed) {
      return failed(failed.getMessage());
    } catch (RuntimeException | LinkageError | OutOfMemoryError unexpected) {
      LOG.errorf(unexpected, "Inspecting version %d of %s", job.version(), job.model());
      return failed("the inspection broke for a reason that is in the log of replica " + replica);
    }
  }

  private JobResult inspect(CachedVersion files) {
    Optional<Engines.Recognised> recognised = engines.recognise(files.folder());
    if (recognised.isEmpty()) {
      return new JobResult(
          replica,
          Outcome.NOT_SERVABLE,
          UnservedFormat.explain(files.folder()),
          null,
          null,
          Map.of("file_bytes", files.totalSize()));
    }
    String format = recognised.get().format();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("engine", recognised.get().engine().name());
    details.put("file_bytes", files.totalSize());
    long before = ResidentMemory.bytes();
    long start = System.nanoTime();
    try (LoadedModel model =
        recognised.get().engine().load(files.folder(), ServingSettings.defaults())) {
      details.put("load_ms", (System.nanoTime() - start) / 1_000_000);
      Optional<String> broke = TrialRun.run(model, 1);
      long growth = ResidentMemory.bytes() - before;
      if (growth > 0) {
        details.put("memory_growth_bytes", growth);
      }
      model.metadata().forEach((key, value) -> {
        if (value != null) {
          details.putIfAbsent(key, value);
        }
      });
      return new JobResult(
          replica,
          broke.isPresent() ? Outcome.NOT_SERVABLE : Outcome.SERVABLE,
          broke.orElse(null),
          format,
          model.signature(),
          details);
    } catch (ModelLoadException refused) {
      return new JobResult(
          replica, Outcome.NOT_SERVABLE, refused.getMessage(), format, null, details);
    }
  }

  private JobResult failed(String why) {
    return new JobResult(replica, Outcome.FAILED, why, null, null, Map.of());
  }
}
