package dev.slipway.registry.review;

import dev.slipway.common.job.Finding;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
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
  private final AuditLog audit;
  private final Event<ChecksAsked> asked;
  private final Clock clock;

  ComputedChecks(
      Reviews reviews,
      CheckStore store,
      Checks checks,
      AuditLog audit,
      Event<ChecksAsked> asked,
      Clock clock) {
    this.reviews = reviews;
    this.store = store;
    this.checks = checks;
    this.audit = audit;
    this.asked = asked;
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
    RequestRow row = reviews.lock(request);
    audit.append(
        SLIPWAY,
        "request.check",
        Reviews.object(row.model(), request),
        row.now().digest(),
        null,
        Map.of("check", name, "verdict", finding.verdict().label()));
    checks.changed(SLIPWAY, request);
  }

  /**
   * Has every check that Slipway makes of an open request made again. What was found before is shown until then, and does not
   * count for a policy that requires it. The same verdict again voids no approval.
   *
   * @throws Forbidden when the caller has no name, unless the policy is open
   * @throws Conflict when the request is closed, or Slipway makes no checks of it
   */
  @Transactional
  public Request rerun(Caller caller, long id) {
    RequestRow row = reviews.lock(id);
    if (row.state() != RequestState.OPEN) {
      throw Reviews.closed(row);
    }
    if (caller.isAnonymous() && !row.policy().rules().isOpen()) {
      throw new Forbidden("name-needed", "checks are run again by name: say who you are");
    }
    List<String> names = store.again(id).stream().sorted().toList();
    if (names.isEmpty()) {
      throw new Conflict("no-checks", "Slipway makes no checks of request " + id);
    }
    audit.append(
        caller,
        "request.rerun",
        Reviews.object(row.model(), id),
        row.now().digest(),
        null,
        Map.of("checks", names));
    asked.fire(new ChecksAsked(id, row.versionId(), names));
    return reviews.get(id);
  }

  /** Why the caller cannot have the checks made again, in words; empty when it can. */
  public static Optional<String> rerunObstacle(Caller caller, Request request) {
    if (request.state() != RequestState.OPEN) {
      return Optional.of("the request is " + request.state().label());
    }
    boolean nameless = caller.isAnonymous()
        && (request.policy() == null || !request.policy().rules().isOpen());
    return nameless
        ? Optional.of("checks are run again by name: say who you are")
        : Optional.empty();
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
