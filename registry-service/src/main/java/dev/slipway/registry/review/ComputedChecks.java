package dev.slipway.registry.review;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.access.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The checks that Slipway makes itself, as they stand on requests: pending, then green, red or warning, and stale once what they
 * were about has changed. They are made of open requests and of those whose release is under way.
 */
@ApplicationScoped
public class ComputedChecks {
  private static final Caller SLIPWAY = new Caller("slipway", Set.of(), null);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final int BATCH = 50;

  private final Reviews reviews;
  private final CheckStore store;
  private final Checks checks;
  private final Clock clock;

  ComputedChecks(Reviews reviews, CheckStore store, Checks checks, Clock clock) {
    this.reviews = reviews;
    this.store = store;
    this.checks = checks;
    this.clock = clock;
  }

  /**
   * A request with checks that are not made yet.
   *
   * @param names of these checks
   * @param thresholds of the policy in force, by check and name
   */
  public record Outstanding(
      long request,
      String model,
      long versionId,
      List<String> names,
      Map<String, Map<String, Double>> thresholds) {}

  /** Requests that have not been looked at since something about them changed, or for half a minute. */
  @Transactional
  public List<Long> due() {
    return store.due(clock.instant().minus(LOOK_AGAIN), BATCH);
  }

  /** Locks the request and marks it as looked at; empty when all is made or it is closed. */
  @Transactional
  public Optional<Outstanding> look(long request) {
    RequestRow row = reviews.lock(request);
    List<String> names = store.outstanding(request);
    if (names.isEmpty() || !isUndecided(row)) {
      return Optional.empty();
    }
    store.looked(request, clock.instant());
    return Optional.of(
        new Outstanding(request, row.model(), row.versionId(), names, row.rule().thresholds()));
  }

  /** Keeps a finding of a request that {@link #look} has locked. It may be the last thing that the request needed. */
  @Transactional
  public void found(long request, String name, Finding finding) {
    store.found(request, name, finding, clock.instant());
    checks.changed(SLIPWAY, request);
  }

  /** These checks of the model's requests were about what is live no more: they are made again. */
  @Transactional
  public void staleForModel(String model, Collection<String> names) {
    store.stale(model, null, names);
  }

  /** As {@link #staleForModel}, of one version's requests. */
  @Transactional
  public void staleForVersion(String model, int version, Collection<String> names) {
    store.stale(model, version, names);
  }

  /** Something new may be known of the version: its requests are looked at soon. */
  @Transactional
  public void lookAgain(long version) {
    store.lookAgain(version);
  }

  private static boolean isUndecided(RequestRow row) {
    return row.state() == RequestState.OPEN || row.state() == RequestState.APPROVED;
  }
}
