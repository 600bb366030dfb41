package dev.slipway.registry.evidence;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.Runs;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The metrics of the version's run against those of the live version's run. The names tell in which direction a metric is better;
 * one whose name does not tell is shown and not judged. A policy's threshold of a metric's name is how much worse, in the metric's own
 * unit, it may be; without one a tenth of a percent of live's value.
 */
@Singleton
class MetricsCheck implements EvidenceCheck {
  private static final double SLACK = 0.001;
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
    return new Found(compare(
        subject,
        LinkedRun.metrics(own.get()),
        LinkedRun.metrics(lives.get()),
        otherData(live.get(), subject.version())));
  }

  private static Finding compare(
      Subject subject, Map<String, Double> own, Map<String, Double> live, List<String> otherData) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> worse = new ArrayList<>();
    Set<String> names = new TreeSet<>(live.keySet());
    names.addAll(own.keySet());
    for (String name : names) {
      Double before = live.get(name);
      Double after = own.get(name);
      Direction direction = Direction.of(name);
      if (before == null || after == null || direction == Direction.UNKNOWN) {
        rows.add(row(name, direction, before, after, "not judged"));
        continue;
      }
      double loss = direction == Direction.HIGHER ? before - after : after - before;
      double allowed = subject.threshold(name, Math.abs(before) * SLACK);
      boolean isWorse = loss > allowed;
      Map<String, Object> row =
          row(name, direction, before, after, isWorse ? "worse" : "as good or better");
      row.put("may_be_worse_by", allowed);
      rows.add(row);
      if (isWorse) {
        worse.add(String.format(Locale.ROOT, "%s is %.6g, live has %.6g", name, after, before));
      }
    }
    long judged =
        rows.stream().filter(row -> !"not judged".equals(row.get("result"))).count();
    Map<String, Object> data = Map.of("metrics", rows, "other_data", otherData);
    if (!worse.isEmpty()) {
      return Finding.red(String.join("; ", worse), data);
    }
    if (!otherData.isEmpty()) {
      return Finding.warning(
          "measured on other data than live: " + String.join(", ", otherData), data);
    }
    return judged == 0
        ? Finding.warning("the two runs have no metric in common that can be judged", data)
        : Finding.green(
            judged + (judged == 1 ? " metric is" : " metrics are") + " as good as live's or better",
            data);
  }

  private static Map<String, Object> row(
      String name, Direction direction, Double live, Double version, String result) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("metric", name);
    row.put("better", direction.name().toLowerCase(Locale.ROOT));
    if (live != null) {
      row.put("live", live);
    }
    if (version != null) {
      row.put("version", version);
    }
    row.put("result", result);
    return row;
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
