package dev.slipway.serving.probe;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.job.Finding;
import dev.slipway.common.job.JobResult;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.probe.TimedModel.Round;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long the version takes for a made-up request and how much memory it holds, beside the live one: rounds of each in turn, so
 * that what else the machine does meets both, and the middle of the rounds' ratios. A policy's {@code ratio} and {@code p95_ratio}
 * limit the times, its {@code memory_ratio} the memory, which is only shown without one.
 */
final class LatencyRounds implements TaskRunner {
  private static final int ROUNDS = 15;

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
    prepare(task.liveFolder());
    prepare(task.folder());
    try (TimedModel live = load(task.liveFolder());
        TimedModel version = load(task.folder())) {
      return JobResult.of(compare(live, version).finding(task.parameters()));
    } catch (ModelLoadException refused) {
      return JobResult.of(
          Finding.warning("it could not be loaded beside live: " + refused.getMessage(), Map.of()));
    } catch (PredictException failed) {
      return JobResult.of(
          Finding.warning("a made-up request was not answered: " + failed.getMessage(), Map.of()));
    } catch (TimedModel.TooLargeException tooLarge) {
      return JobResult.of(
          Finding.warning("its inputs are too large to make requests up", Map.of()));
    }
  }

  private void prepare(String folder) {
    engines
        .recognise(Path.of(folder))
        .ifPresent(recognised -> recognised.engine().prepare());
  }

  private TimedModel load(String folder)
      throws ModelLoadException, PredictException, TimedModel.TooLargeException {
    progress.accept(Phase.LOADING);
    return TimedModel.load(
        () -> engines.load(Path.of(folder), ServingSettings.defaults()),
        () -> progress.accept(Phase.RUNNING));
  }

  private static SideBySide compare(TimedModel live, TimedModel version) throws PredictException {
    double[] middles = new double[ROUNDS];
    double[] tails = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      boolean liveFirst = i % 2 == 0;
      Round first = (liveFirst ? live : version).round();
      Round second = (liveFirst ? version : live).round();
      Round before = liveFirst ? first : second;
      Round after = liveFirst ? second : first;
      middles[i] = after.p50() / before.p50();
      tails[i] = before.hasTail() && after.hasTail() ? after.p95() / before.p95() : Double.NaN;
    }
    return new SideBySide(live, version, middle(middles), middle(tails));
  }

  /** NaN when one of them is. */
  private static double middle(double[] ratios) {
    Arrays.sort(ratios);
    return Double.isNaN(ratios[ROUNDS - 1]) ? Double.NaN : ratios[ROUNDS / 2];
  }
}
