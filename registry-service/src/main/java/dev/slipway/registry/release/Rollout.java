package dev.slipway.registry.release;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.ReleaseStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a release in steps has come.
 *
 * @param step the number of the present step, or of the last that was done, from 1; 0 before the first
 * @param traffic by version, in basis points; empty once the release has ended
 * @param figures what the replicas counted in the present window; null before they reported
 */
public record Rollout(
    ReleaseStrategy.Kind kind,
    int step,
    Instant stepStartedAt,
    List<Step> steps,
    List<Feed.TrafficShare> traffic,
    StepFigures figures) {
  private static final int WHOLE = 10_000;

  /** @param state done, current or next */
  public record Step(double percent, double shadowPercent, Long seconds, String state) {}

  static Rollout of(
      ReleaseStrategy strategy,
      ReleaseState state,
      Integer step,
      Instant startedAt,
      Integer from,
      Integer to,
      StepFigures figures) {
    boolean stepping = state == ReleaseState.STEPPING;
    int at = step == null ? -1 : step;
    List<Step> steps = new ArrayList<>();
    for (ReleaseStrategy.Step one : strategy.stepsBeforeAll()) {
      int number = steps.size();
      String done = state == ReleaseState.LIVE || number < at
          ? "done"
          : number > at ? "next" : stepping ? "current" : "ended";
      steps.add(new Step(one.percent(), one.shadowPercent(), one.seconds(), done));
    }
    List<Feed.TrafficShare> traffic =
        stepping ? shares(from, to, strategy.stepsBeforeAll().get(at).weight()) : List.of();
    return new Rollout(strategy.kind(), at + 1, startedAt, steps, traffic, figures);
  }

  /** The live version first; a version without a share is left out. */
  static List<Feed.TrafficShare> shares(int live, int released, int weight) {
    List<Feed.TrafficShare> shares = new ArrayList<>();
    shares.add(new Feed.TrafficShare(live, WHOLE - weight));
    if (weight > 0) {
      shares.add(new Feed.TrafficShare(released, weight));
    }
    return shares;
  }

  /** Where it is, for people. */
  String describe(int version) {
    Step current = steps.get(step - 1);
    String share = current.percent() > 0 || current.shadowPercent() == 0
        ? percent(current.percent()) + " of the requests go to version " + version
        : percent(current.shadowPercent()) + " of the requests are mirrored to version " + version;
    String next = current.seconds() == null
        ? ", until somebody says advance or undo"
        : ", for " + current.seconds() + " s at least";
    String concern =
        figures == null || figures.waitingFor() == null ? "" : "; " + figures.waitingFor();
    return "step " + step + " of " + steps.size() + ": " + share + next + concern;
  }

  static String percent(double percent) {
    return (percent == Math.rint(percent)
            ? Long.toString(Math.round(percent))
            : Double.toString(percent))
        + " %";
  }
}
