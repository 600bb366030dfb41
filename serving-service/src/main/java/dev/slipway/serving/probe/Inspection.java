package dev.slipway.serving.probe;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.GeneratedInputs;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.UnservedFormat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Loads a version as it would be loaded to serve, looks at it, and lets it go. Only the files decide: nothing of the model is run but the model. */
final class Inspection implements TaskRunner {
  private final Engines engines;
  private final Consumer<Phase> progress;

  Inspection(Engines engines, Consumer<Phase> progress) {
    this.engines = engines;
    this.progress = progress;
  }

  @Override
  public JobResult run(ProbeTask task) {
    Path folder = Path.of(task.folder());
    Optional<Engines.Recognised> recognised = engines.recognise(folder);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("file_bytes", task.fileBytes());
    if (recognised.isEmpty()) {
      return new JobResult(
          null, Outcome.NOT_SERVABLE, UnservedFormat.explain(folder), null, null, details);
    }
    details.put("engine", recognised.get().engine().name());
    return load(folder, recognised.get(), details);
  }

  private JobResult load(Path folder, Engines.Recognised recognised, Map<String, Object> details) {
    progress.accept(Phase.LOADING);
    recognised.engine().prepare();
    ResidentMemory.forgetPeak();
    long before = ResidentMemory.bytes();
    long start = System.nanoTime();
    try (LoadedModel model = recognised.engine().load(folder, ServingSettings.defaults())) {
      details.put("load_ms", (System.nanoTime() - start) / 1_000_000);
      progress.accept(Phase.RUNNING);
      Optional<String> broke = trial(model);
      putPositive(details, "memory_growth_bytes", ResidentMemory.bytes() - before);
      putPositive(details, "peak_memory_bytes", ResidentMemory.peak() - before);
      model.metadata().forEach((key, value) -> {
        if (value != null) {
          details.putIfAbsent(key, value);
        }
      });
      return new JobResult(
          null,
          broke.isPresent() ? Outcome.NOT_SERVABLE : Outcome.SERVABLE,
          broke.orElse(null),
          recognised.format(),
          model.signature(),
          details);
    } catch (ModelLoadException refused) {
      return new JobResult(
          null, Outcome.NOT_SERVABLE, refused.getMessage(), recognised.format(), null, details);
    }
  }

  private static void putPositive(Map<String, Object> details, String name, long bytes) {
    if (bytes > 0) {
      details.put(name, bytes);
    }
  }

  /**
   * One request: the example that it was logged with, else made up. That a model refuses it says nothing against it; that it breaks does. It has no time limit of its own: the one of the
   * task is kept by the parent, who knows how much processor time there was.
   */
  private static Optional<String> trial(LoadedModel model) {
    boolean made = model.example().isEmpty();
    var inputs = model.example().or(() -> GeneratedInputs.of(model.signature()));
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    try (var outputs = model.predict(inputs.get(), Set.of(), RunControl.UNLIMITED)) {
      outputs.tensors();
      return Optional.empty();
    } catch (PredictException failed) {
      return switch (failed.kind()) {
        case FAILED, DEADLINE, NO_MEMORY ->
          Optional.of("the model broke on "
              + (made ? "a made-up request: " : "the example that it was logged with: ")
              + failed.getMessage());
        case BAD_INPUT -> Optional.empty();
      };
    }
  }
}
