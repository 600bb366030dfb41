package dev.slipway.registry.release;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.common.report.ReplicaReport;
import java.time.Instant;
import java.util.Locale;

/**
 * What one replica did in a release.
 *
 * @param state the servable's state there in lower case; "absent" when it has none, "converged" once the switch is in force,
 *     "unconfirmed" when that was not reported in time, "not_heard_from" when the replica is silent
 * @param convergedMs from the start of the switch until the replica reported it in force; null until then
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReplicaOutcome(
    String replica, String url, String state, Long convergedMs, String message) {

  static final String NOT_HEARD_FROM = "not_heard_from";
  private static final String CONVERGED = "converged";
  private static final String UNCONFIRMED = "unconfirmed";
  private static final String READY = "ready";

  static ReplicaOutcome of(ReplicaReport report, ReplicaReport.State state, String message) {
    return new ReplicaOutcome(
        report.replica(),
        report.url(),
        state == null ? "absent" : state.name().toLowerCase(Locale.ROOT),
        null,
        message);
  }

  static ReplicaOutcome notHeardFrom(ReplicaReport report, Instant last) {
    return new ReplicaOutcome(
        report.replica(), report.url(), NOT_HEARD_FROM, null, "last heard from at " + last);
  }

  ReplicaOutcome converged(long millis) {
    return new ReplicaOutcome(replica, url, CONVERGED, millis, message);
  }

  ReplicaOutcome unconfirmed() {
    return new ReplicaOutcome(
        replica,
        url,
        UNCONFIRMED,
        null,
        "has not confirmed the switch: it may still answer by the version before");
  }

  @JsonIgnore
  boolean isConnected() {
    return !NOT_HEARD_FROM.equals(state);
  }

  /** Whether the switch is in force there, as it reported itself. */
  @JsonIgnore
  boolean isConverged() {
    return CONVERGED.equals(state);
  }

  @JsonIgnore
  boolean isDone() {
    return READY.equals(state) || CONVERGED.equals(state);
  }
}
