package dev.slipway.serving.probe;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Finding.Verdict;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.SavedExample;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.UnfitExampleException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a version what it was logged with as its input example. MLflow saves no outputs with that: an answer of finite numbers is
 * nothing to go by, and whoever wants it compared writes {@link GoldenCase#EXAMPLE_OUTPUTS} beside it.
 */
record ExampleReplay(Path folder, String file, Optional<GoldenCase> expected) {

  /** @throws IllegalArgumentException when the expected outputs are of another kind than the model's; the message says how */
  Finding finding(LoadedModel model, GoldenAnswers answers) {
    try {
      List<Tensor> inputs = SavedExample.of(folder, model);
      boolean finite = inputs.stream().allMatch(ExampleReplay::isFinite);
      try (var outputs = model.predict(inputs, Set.of(), RunControl.UNLIMITED)) {
        if (expected.isPresent()) {
          answers.compare(expected.get(), outputs.tensors());
          return answers.finding();
        }
        return answered(outputs.tensors(), finite);
      }
    } catch (UnfitExampleException unfit) {
      return Finding.warning(
          "its input example (" + file + ") was not tried: " + unfit.getMessage(),
          Map.of("example", file));
    } catch (PredictException failed) {
      return Finding.red(
          "it does not answer its own input example (" + file + "): " + failed.getMessage(),
          Map.of("example", file));
    }
  }

  private Finding answered(List<Tensor> outputs, boolean finiteInputs) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("example", file);
    data.put("outputs", outputs.stream().map(ExampleReplay::shown).toList());
    List<String> broken =
        outputs.stream().filter(output -> !isFinite(output)).map(Tensor::name).toList();
    if (broken.isEmpty()) {
      return new Finding(
          Verdict.SKIPPED,
          "it answered its input example; no expected outputs are given: add "
              + GoldenCase.EXAMPLE_OUTPUTS + " beside it, or golden/*.json",
          data);
    }
    String told =
        "it answers its own input example with NaN or infinity in " + String.join(", ", broken);
    return finiteInputs
        ? Finding.red(told, data)
        : Finding.warning(told + "; the example itself has values that are missing", data);
  }

  private static Map<String, Object> shown(Tensor output) {
    return Map.of(
        "output",
        output.name(),
        "datatype",
        output.datatype().name(),
        "shape",
        output.shape().toString());
  }

  private static boolean isFinite(Tensor tensor) {
    return !tensor.datatype().isFloatingPoint()
        || TensorJson.elements(tensor).stream()
            .allMatch(value -> value instanceof Double number && Double.isFinite(number));
  }
}
