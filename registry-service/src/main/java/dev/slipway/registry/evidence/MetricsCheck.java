package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.Runs;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The metrics of the version's run against those of the live version's run. The names tell in which direction a metric is better;
 * one whose name does not tell is shown and not judged. A policy's threshold of a metric's name is how much worse, in the metric's own
 * unit, it may be, and requires that metric; without one it is a tenth of a percent of live's value.
 */
@Singleton
class MetricsCheck implements EvidenceCheck {
  private static final Pattern LOWER_WORDS = Pattern.compile(
      "loss|error|rmse|mae|mse|mape|rmsle|perplexity|brier|deviance|latency|duration|false_(posi|nega)tives?");
  private static final Pattern HIGHER_WORDS = Pattern.compile(
      "accuracy|acc|auc|roc_auc|pr_auc|f1|precision|recall|r2|score|ndcg|map|mrr|bleu|rouge|kappa|mcc|true_(posi|nega)tives?");

  private final Runs runs;

  MetricsCheck(Runs runs) {
    this.runs = runs;
  }

  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public boolean comparesWithLive() {
    return true;
  }

  @Override
  public Step examine(Subject subject) {
    Optional<VersionView> live = subject.live();
    if (live.isEmpty()) {
      return new Found(
          Finding.green("nothing is live: there is nothing to compare with", Map.of()));
    }
    Optional<Run> own = LinkedRun.of(runs, subject.version());
    Optional<Run> lives = LinkedRun.of(runs, live.get());
    if (own.isEmpty() || lives.isEmpty()) {
      return new Found(Finding.warning(
          (own.isEmpty() ? "this version" : "the live version") + " has no run with metrics here",
          Map.of()));
    }
    return new Found(MetricsCompared.of(
            LinkedRun.metrics(own.get()), LinkedRun.metrics(lives.get()), subject.thresholds())
        .finding(otherData(live.get(), subject.version())));
  }

  /** Names of the data sets that both runs read and that were not the same. */
  private List<String> otherData(VersionView live, VersionView version) {
    Map<String, String> before = LinkedRun.datasets(runs, live);
    Map<String, String> after = LinkedRun.datasets(runs, version);
    return before.keySet().stream()
        .filter(name -> after.containsKey(name) && !after.get(name).equals(before.get(name)))
        .toList();
  }

  /** In which direction a metric is better. */
  enum Direction {
    HIGHER,
    LOWER,
    UNKNOWN;

    static Direction of(String metric) {
      String name = metric.toLowerCase(Locale.ROOT);
      if (isNamed(LOWER_WORDS, name)) {
        return LOWER;
      }
      return isNamed(HIGHER_WORDS, name) ? HIGHER : UNKNOWN;
    }

    /** As a word of the name: {@code val_f1_macro} is an {@code f1}, {@code remap_count} is no {@code map}. */
    private static boolean isNamed(Pattern words, String name) {
      return Pattern.compile("(^|[^a-z0-9])(" + words.pattern() + ")($|[^a-z0-9])")
          .matcher(name)
          .find();
    }
  }
}
