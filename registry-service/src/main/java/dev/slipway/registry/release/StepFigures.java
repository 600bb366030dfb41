package dev.slipway.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.common.report.ShadowStats;
import java.time.Instant;
import java.util.Map;

/**
 * What the replicas counted in one window of a step, the new version beside the live one.
 *
 * @param since when the window began
 * @param latencyRatio of the 95th percentiles; null while there are too few requests
 * @param distances between the distributions of the outputs, by output and column (0 to 1)
 * @param shadow what came of mirrored requests; null when there were none
 * @param waitingFor what is still missing before the step may end well; null when nothing is
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StepFigures(
    Instant since,
    Instant at,
    Side released,
    Side live,
    Double latencyRatio,
    Map<String, Double> distances,
    ShadowStats shadow,
    String waitingFor) {

  StepFigures waitingFor(String what) {
    return new StepFigures(since, at, released, live, latencyRatio, distances, shadow, what);
  }

  /**
   * One version's part; times in milliseconds, null without a request.
   *
   * @param requests that came
   * @param errors how many of them were answered with an error, the caller's included
   */
  public record Side(
      int version, long requests, long errors, long nonFinite, Double p50Ms, Double p95Ms) {
    double errorRate() {
      return requests == 0 ? 0 : (double) errors / requests;
    }

    double nonFiniteRate() {
      return requests == 0 ? 0 : (double) nonFinite / requests;
    }
  }
}
