package dev.slipway.serving.probe;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.Finding;
import dev.slipway.common.job.JobResult;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.GeneratedInputs;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How long the version takes for a made-up request, beside the live one: rounds of each in turn, so that what else the machine does
 * meets both, and the middle of the rounds' ratios. Within {@link #BAND} around the limit nobody is judged.
 */
final class LatencyRounds implements TaskRunner {
  private static final double LIMIT = 1.5;
  private static final double BAND = 0.15;
  /** A difference below this, in nanoseconds, is nothing that a caller over a network would see. */
  private static final double UNSEEN = 50_000;

  private static final int ROUNDS = 15;
  private static final int MOST_RUNS = 200;
  private static final long ROUND_NANOS = Duration.ofMillis(40).toNanos();

  private final Engines engines;
  private final Consumer<Phase> progress;

  LatencyRounds(Engines engines, Consumer<Phase> progress) {
    this.engines = engines;
    this.progress = progress;
  }

  @Override
  public JobResult run(ProbeTask task) {
    if (task.liveFolder() == null) {
      return JobResult.of(
          Finding.green("nothing is live: there is nothing to compare with", Map.of()));
    }
    progress.accept(Phase.LOADING);
    try (LoadedModel live = load(task.liveFolder());
        LoadedModel version = load(task.folder())) {
      progress.accept(Phase.RUNNING);
      Optional<List<Tensor>> liveInputs = GeneratedInputs.of(live.signature());
      Optional<List<Tensor>> inputs = GeneratedInputs.of(version.signature());
      if (liveInputs.isEmpty() || inputs.isEmpty()) {
        return JobResult.of(
            Finding.warning("its inputs are too large to make requests up", Map.of()));
      }
      double limit =
          Double.parseDouble(task.parameters().getOrDefault("ratio", Double.toString(LIMIT)));
      return JobResult.of(
          judge(limit, new Side(live, liveInputs.get()), new Side(version, inputs.get())));
    } catch (ModelLoadException refused) {
      return JobResult.of(
          Finding.warning("it could not be loaded beside live: " + refused.getMessage(), Map.of()));
    } catch (PredictException failed) {
      return JobResult.of(
          Finding.warning("a made-up request was not answered: " + failed.getMessage(), Map.of()));
    }
  }

  private LoadedModel load(String folder) throws ModelLoadException {
    return engines.load(Path.of(folder), ServingSettings.defaults());
  }

  private static Finding judge(double limit, Side live, Side version) throws PredictException {
    live.round();
    version.round();
    live.forget();
    version.forget();
    double[] ratios = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      boolean liveFirst = i % 2 == 0;
      double first = liveFirst ? live.round() : version.round();
      double second = liveFirst ? version.round() : live.round();
      ratios[i] = liveFirst ? second / first : first / second;
    }
    Arrays.sort(ratios);
    double ratio = ratios[ROUNDS / 2];
    Map<String, Object> data = Map.of(
        "ratio", rounded(ratio),
        "limit", limit,
        "band", BAND,
        "live", live.figures(),
        "version", version.figures());
    String told = String.format(
        Locale.ROOT,
        "takes %.2f times as long as live (p50 %.3f ms, live %.3f ms)",
        ratio,
        version.percentile(0.5) / 1e6,
        live.percentile(0.5) / 1e6);
    boolean seen = version.percentile(0.5) - live.percentile(0.5) > UNSEEN;
    if (!seen || ratio < limit * (1 - BAND)) {
      return Finding.green(told, data);
    }
    return ratio > limit * (1 + BAND)
        ? Finding.red(told + ": more than " + limit + " times", data)
        : Finding.warning(told + ": about the limit of " + limit + " times", data);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** One of the two, and how long its requests took, in nanoseconds. */
  private static final class Side {
    private final LoadedModel model;
    private final List<Tensor> inputs;
    private final List<Double> taken = new ArrayList<>();

    Side(LoadedModel model, List<Tensor> inputs) {
      this.model = model;
      this.inputs = inputs;
    }

    /** Some requests, one at least; the middle of what they took. */
    double round() throws PredictException {
      List<Double> round = new ArrayList<>();
      long begin = System.nanoTime();
      do {
        long start = System.nanoTime();
        try (var outputs = model.predict(copies(), Set.of(), RunControl.UNLIMITED)) {
          outputs.tensors();
        }
        round.add((double) (System.nanoTime() - start));
      } while (System.nanoTime() - begin < ROUND_NANOS && round.size() < MOST_RUNS);
      taken.addAll(round);
      return at(round, 0.5);
    }

    void forget() {
      taken.clear();
    }

    double percentile(double share) {
      return at(taken, share);
    }

    Map<String, Object> figures() {
      return Map.of(
          "requests", taken.size(),
          "p50_ms", rounded(percentile(0.5) / 1e6),
          "p95_ms", rounded(percentile(0.95) / 1e6),
          "p99_ms", rounded(percentile(0.99) / 1e6));
    }

    private static double at(List<Double> values, double share) {
      List<Double> sorted = values.stream().sorted().toList();
      return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * share)));
    }

    /** An engine may move a buffer's position. */
    private List<Tensor> copies() {
      return inputs.stream().map(Side::copy).toList();
    }

    private static Tensor copy(Tensor tensor) {
      ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
      return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
    }
  }
}
