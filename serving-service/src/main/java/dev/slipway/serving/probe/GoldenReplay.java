package dev.slipway.serving.probe;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.Finding;
import dev.slipway.common.job.JobResult;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.SavedExample;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.probe.GoldenCase.MalformedGoldenException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends the version's golden requests through it and compares the answers with those that it was registered with. A version that
 * has none, but the input example that MLflow saved with it, has to answer that.
 */
final class GoldenReplay implements TaskRunner {
  private final Engines engines;
  private final Consumer<Phase> progress;

  GoldenReplay(Engines engines, Consumer<Phase> progress) {
    this.engines = engines;
    this.progress = progress;
  }

  @Override
  public JobResult run(ProbeTask task) {
    Path folder = Path.of(task.folder());
    try {
      List<GoldenCase> cases = GoldenCase.in(folder);
      if (!cases.isEmpty()) {
        return JobResult.of(replay(task, cases));
      }
      Optional<String> example = SavedExample.name(folder);
      return JobResult.of(
          example.isPresent()
              ? answer(
                  task, new ExampleReplay(folder, example.get(), GoldenCase.besideExample(folder)))
              : Finding.warning(
                  "no golden inputs and outputs were registered: add golden/*.json to the version,"
                      + " or log the model with an input example",
                  Map.of("cases", 0)));
    } catch (MalformedGoldenException malformed) {
      return JobResult.of(Finding.red(malformed.getMessage(), Map.of()));
    }
  }

  private Finding replay(ProbeTask task, List<GoldenCase> cases) {
    progress.accept(Phase.LOADING);
    var answers = new GoldenAnswers(task.parameters());
    try (LoadedModel model = load(task)) {
      progress.accept(Phase.RUNNING);
      for (GoldenCase golden : cases) {
        List<Tensor> inputs = new ArrayList<>();
        golden.inputs().forEach(input -> inputs.add(TensorJson.read(input)));
        try (var outputs = model.predict(inputs, Set.of(), RunControl.UNLIMITED)) {
          answers.compare(golden, outputs.tensors());
        }
      }
      return answers.finding();
    } catch (ModelLoadException refused) {
      return notLoaded(refused);
    } catch (PredictException failed) {
      return Finding.red("a golden request was not answered: " + failed.getMessage(), Map.of());
    } catch (IllegalArgumentException malformed) {
      return notRight(malformed);
    }
  }

  private Finding answer(ProbeTask task, ExampleReplay example) {
    progress.accept(Phase.LOADING);
    try (LoadedModel model = load(task)) {
      progress.accept(Phase.RUNNING);
      return example.finding(model, new GoldenAnswers(task.parameters()));
    } catch (ModelLoadException refused) {
      return notLoaded(refused);
    } catch (IllegalArgumentException malformed) {
      return notRight(malformed);
    }
  }

  private LoadedModel load(ProbeTask task) throws ModelLoadException {
    return engines.load(Path.of(task.folder()), ServingSettings.defaults());
  }

  private static Finding notLoaded(ModelLoadException refused) {
    return Finding.red("it could not be loaded: " + refused.getMessage(), Map.of());
  }

  private static Finding notRight(IllegalArgumentException malformed) {
    return Finding.red("a golden file is not right: " + malformed.getMessage(), Map.of());
  }
}
