package dev.slipway.serving.probe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.Finding;
import dev.slipway.common.job.JobResult;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.probe.GoldenCase.MalformedGoldenException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sends the version's golden requests through it and compares the answers with those that it was registered with. A policy's tolerance
 * ({@code rtol}, {@code atol}) goes before the files' own.
 */
final class GoldenReplay implements TaskRunner {
  private static final double RTOL = 1e-3;
  private static final double ATOL = 1e-5;
  private static final int SHOWN = 10;

  private final Engines engines;
  private final Consumer<Phase> progress;

  GoldenReplay(Engines engines, Consumer<Phase> progress) {
    this.engines = engines;
    this.progress = progress;
  }

  /** One element that is not as expected. */
  private record Disagreement(
      String where, int index, Object expected, Object actual, double distance) {
    Map<String, Object> shown() {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("where", where);
      shown.put("index", index);
      shown.put("expected", expected.toString());
      shown.put("actual", actual.toString());
      if (distance < Double.MAX_VALUE) {
        shown.put("off_by", distance);
      }
      return shown;
    }
  }

  @Override
  public JobResult run(ProbeTask task) {
    try {
      List<GoldenCase> cases = GoldenCase.in(Path.of(task.folder()));
      return JobResult.of(
          cases.isEmpty()
              ? Finding.warning(
                  "no golden inputs and outputs were registered: add golden/*.json to the version",
                  Map.of("cases", 0))
              : replay(task, cases));
    } catch (MalformedGoldenException malformed) {
      return JobResult.of(Finding.red(malformed.getMessage(), Map.of()));
    }
  }

  private Finding replay(ProbeTask task, List<GoldenCase> cases) {
    progress.accept(Phase.LOADING);
    List<Disagreement> found = new ArrayList<>();
    long elements = 0;
    try (LoadedModel model = engines.load(Path.of(task.folder()), ServingSettings.defaults())) {
      progress.accept(Phase.RUNNING);
      for (GoldenCase golden : cases) {
        elements += compare(golden, tolerance(task, golden), model, found);
      }
    } catch (ModelLoadException refused) {
      return Finding.red("it could not be loaded: " + refused.getMessage(), Map.of());
    } catch (PredictException failed) {
      return Finding.red("a golden request was not answered: " + failed.getMessage(), Map.of());
    } catch (IllegalArgumentException malformed) {
      return Finding.red("a golden file is not right: " + malformed.getMessage(), Map.of());
    }
    return finding(cases.size(), elements, found);
  }

  private static Finding finding(int cases, long elements, List<Disagreement> found) {
    List<Map<String, Object>> top = found.stream()
        .sorted(Comparator.comparingDouble(Disagreement::distance).reversed())
        .limit(SHOWN)
        .map(Disagreement::shown)
        .toList();
    Map<String, Object> data =
        Map.of("cases", cases, "elements", elements, "disagreements", found.size(), "top", top);
    return found.isEmpty()
        ? Finding.green(
            cases + (cases == 1 ? " golden case agrees, " : " golden cases agree, ") + elements
                + " values",
            data)
        : Finding.red(
            found.size() + " of " + elements + " golden values disagree, first "
                + top.getFirst().get("where") + "[" + top.getFirst().get("index") + "]: expected "
                + top.getFirst().get("expected") + ", got " + top.getFirst().get("actual"),
            data);
  }

  /** How far an answer may be off. */
  private record Tolerance(double rtol, double atol) {
    /** 0 when they agree. */
    double distance(JsonNode expected, Object actual) {
      if (!(actual instanceof Number number)) {
        boolean same = actual instanceof Boolean flag
            ? expected.asBoolean() == flag
            : Objects.equals(expected.asText(), actual);
        return same ? 0 : Double.MAX_VALUE;
      }
      double wanted =
          expected.isTextual() ? Double.parseDouble(expected.asText()) : expected.asDouble();
      double off = Math.abs(wanted - number.doubleValue());
      if (Double.compare(wanted, number.doubleValue()) == 0
          || off <= atol + rtol * Math.abs(wanted)) {
        return 0;
      }
      return Double.isNaN(off) ? Double.MAX_VALUE : off;
    }
  }

  private static Tolerance tolerance(ProbeTask task, GoldenCase golden) {
    return new Tolerance(
        limit(task, "rtol", golden.rtol(), RTOL), limit(task, "atol", golden.atol(), ATOL));
  }

  private static double limit(ProbeTask task, String name, double ofFile, double otherwise) {
    String ofPolicy = task.parameters().get(name);
    if (ofPolicy != null) {
      return Double.parseDouble(ofPolicy);
    }
    return Double.isNaN(ofFile) ? otherwise : ofFile;
  }

  private static long compare(
      GoldenCase golden, Tolerance tolerance, LoadedModel model, List<Disagreement> found)
      throws PredictException {
    List<Tensor> inputs = new ArrayList<>();
    golden.inputs().forEach(input -> inputs.add(TensorJson.read(input)));
    long elements = 0;
    try (var outputs = model.predict(inputs, Set.of(), RunControl.UNLIMITED)) {
      for (JsonNode expected : golden.outputs()) {
        elements += compare(golden.name(), expected, outputs.tensors(), tolerance, found);
      }
    }
    return elements;
  }

  private static int compare(
      String name,
      JsonNode expected,
      List<Tensor> outputs,
      Tolerance tolerance,
      List<Disagreement> found) {
    String output = expected.path("name").asText();
    Tensor tensor = outputs.stream()
        .filter(it -> it.name().equals(output))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            name + " expects an output '" + output + "', which the model has not"));
    List<JsonNode> wanted = TensorJson.flat(expected.path("data"));
    List<Object> actual = TensorJson.elements(tensor);
    if (wanted.size() != actual.size()) {
      throw new IllegalArgumentException(name + " expects " + wanted.size() + " elements of '"
          + output + "', and the model gives " + actual.size());
    }
    for (int i = 0; i < wanted.size(); i++) {
      double distance = tolerance.distance(wanted.get(i), actual.get(i));
      if (distance > 0) {
        found.add(new Disagreement(
            name + " " + output, i, wanted.get(i).asText(), actual.get(i), distance));
      }
    }
    return wanted.size();
  }
}
