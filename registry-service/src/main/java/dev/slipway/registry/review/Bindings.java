package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.slipway.common.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an approval was given for (rule 3). When one of these changes, the approval is void.
 *
 * @param digest of the version; null where it has no snapshot
 * @param policyId the policy record in force
 * @param liveDigest of the version that was live; null when none was
 * @param checks each check with its verdict; a check run again with the same verdict changes nothing
 */
record Bindings(
    String digest,
    Stage from,
    Stage to,
    long policyId,
    String liveDigest,
    Set<CheckVerdict> checks) {

  /** A named check and what it found; {@code computed} when Slipway made it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record CheckVerdict(String check, String verdict, boolean computed) {
    CheckVerdict(String check, String verdict) {
      this(check, verdict, false);
    }

    boolean isAnother(CheckVerdict now) {
      return check.equals(now.check) && !verdict.equals(now.verdict);
    }
  }

  Bindings {
    checks = Set.copyOf(checks);
  }

  /** Why an approval bound to this no longer holds {@code now}; empty while it does. */
  Optional<String> voidedBy(Bindings now) {
    List<String> reasons = new ArrayList<>();
    if (!Objects.equals(digest, now.digest)) {
      reasons.add("the version's files changed");
    }
    if (from != now.from || to != now.to) {
      reasons.add("the move was " + from + " → " + to + " and is now " + now.from + " → " + now.to);
    }
    if (policyId != now.policyId) {
      reasons.add("the policy changed");
    }
    if (!Objects.equals(liveDigest, now.liveDigest)) {
      reasons.add(
          now.liveDigest == null ? "no version is live any more" : "another version is live now");
    }
    if (!sameVerdicts(now.checks)) {
      reasons.add("the checks' verdicts changed");
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /**
   * An external check may neither come, go nor change. One of Slipway's own that has no verdict on either side, as it runs still or
   * again, changes nothing: a policy that requires it waits for it.
   */
  private boolean sameVerdicts(Set<CheckVerdict> now) {
    return external(checks).equals(external(now))
        && checks.stream().noneMatch(was -> now.stream().anyMatch(was::isAnother));
  }

  private static Set<CheckVerdict> external(Set<CheckVerdict> verdicts) {
    return verdicts.stream().filter(it -> !it.computed()).collect(Collectors.toUnmodifiableSet());
  }
}
