package dev.slipway.registry.release;

import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.release.ReleaseStore.InFlight;
import dev.slipway.registry.release.ReleaseStore.Start;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Prepare and switch, rollback, retirement. The methods that take a locked model run in the caller's transaction and begin or
 * make the move; {@link #confirm} then waits, outside any transaction, for the replicas.
 */
@ApplicationScoped
public class Releases {
  /** How long replicas have to report READY. */
  static final Duration PREPARE = Duration.ofMinutes(2);

  private final LivePointers pointers;
  private final ReleaseStore store;
  private final ReplicaStore replicas;
  private final Situations situations;
  private final Switch switching;
  private final Settings settings;
  private final FeedRevision feed;
  private final Convergence convergence;
  private final AfterCommit afterCommit;
  private final Clock clock;

  Releases(
      LivePointers pointers,
      ReleaseStore store,
      ReplicaStore replicas,
      Situations situations,
      Switch switching,
      Settings settings,
      FeedRevision feed,
      Convergence convergence,
      AfterCommit afterCommit,
      Clock clock) {
    this.pointers = pointers;
    this.store = store;
    this.replicas = replicas;
    this.situations = situations;
    this.switching = switching;
    this.settings = settings;
    this.feed = feed;
    this.convergence = convergence;
    this.afterCommit = afterCommit;
    this.clock = clock;
  }

  /**
   * Brings a version live for a granted request: at once where every connected replica has it READY or none is connected, else by
   * preparing it; step by step where the model's settings say so and a version is live.
   *
   * @param supersede whether a release in flight gives way (stages are labels) instead of refusing this one
   * @throws Conflict naming the release that is in flight
   */
  public Release promote(
      Model model, Version version, Caller actor, long requestId, boolean supersede) {
    var situation = situations.of(model, List.of(version.id()), List.of());
    var start = start(situation, ReleaseKind.PROMOTION, version.id(), requestId, null, actor);
    if (supersede) {
      endInFlight(situation, "superseded: version " + version.number() + " was promoted");
    } else {
      refuseWhileInFlight(situation);
    }
    Readiness.Result warmth = readiness(situation, version);
    ReleaseStrategy strategy = strategy(model);
    return warmth.warm() == warmth.connected() && strategy == null
        ? switching.now(situation, start, actor, warmth.replicas())
        : prepare(model, start, warmth.replicas(), strategy);
  }

  /** Null for a direct release; there is nothing to divide where nothing is live. */
  private ReleaseStrategy strategy(Model model) {
    ReleaseStrategy strategy = settings.inForce(model.id()).settings().strategy();
    return model.live() == null || strategy.stepsBeforeAll().isEmpty() ? null : strategy;
  }

  private Start start(
      Situation situation, ReleaseKind kind, Long to, Long request, String reason, Caller actor) {
    // The database keeps microseconds.
    return new Start(
        situation.model().id(),
        kind,
        situation.model().live(),
        to,
        request,
        reason,
        actor.name(),
        clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * What to give to {@link #rollbackTarget} and {@link #rollBack}.
   *
   * @param model locked
   * @param numbers of versions that the caller may name
   */
  public Situation situation(Model model, Collection<Integer> numbers) {
    return situations.of(
        model, List.of(), numbers.stream().map(Integer::longValue).toList());
  }

  /**
   * Puts an earlier live version back (rule 7). One that a replica keeps warm is switched to at once; a cold one prepares first.
   * A promotion that is being prepared ends: what it was compared with is no longer live.
   *
   * @param target as {@link #rollbackTarget} names it, in the same transaction
   */
  public Release rollBack(
      Situation situation, Version target, String reason, Caller actor, Long requestId) {
    Model model = situation.model();
    var start = start(situation, ReleaseKind.ROLLBACK, target.id(), requestId, reason, actor);
    endInFlight(situation, "superseded by a rollback to version " + target.number());
    Readiness.Result warmth = readiness(situation, target);
    boolean standby = model.previous() != null && model.previous() == target.id();
    boolean direct = warmth.warm() == warmth.connected() || (standby && warmth.warm() > 0);
    return direct
        ? switching.now(situation, start, actor, warmth.replicas())
        : prepare(model, start, warmth.replicas(), null);
  }

  /**
   * The version that a rollback puts back.
   *
   * @param to its number; null for the previous one
   * @throws Conflict when there is no such version, or it was rolled back itself
   */
  public Version rollbackTarget(Situation situation, Integer to) {
    Model model = situation.model();
    if (model.live() == null) {
      throw new Conflict(
              "no-live-version",
              "model '" + model.name()
                  + "' has no live version, so there is nothing to roll back: request a move to Production instead")
          .with("model", model.name());
    }
    ReleaseSequence sequence = situation.facts().switches();
    if (to == null) {
      long previous = sequence
          .previous()
          .orElseThrow(() -> new Conflict(
                  "no-earlier-live-version",
                  "model '" + model.name()
                      + "' has no earlier live version to roll back to: retire the live one, or promote another")
              .with("model", model.name()));
      return version(situation, (int) previous);
    }
    Version target = version(situation, to);
    if (target.id() == model.live()) {
      throw refused(model, to, "already-live", "is live already");
    }
    if (!sequence.wasLive(target.number())) {
      throw refused(model, to, "never-live", "was never live: request its move to Production");
    }
    if (sequence.isRolledBack(target.number())) {
      throw refused(
          model, to, "rolled-back", "was rolled back: it goes live again only by a new request");
    }
    return target;
  }

  /** Clears the pointer, so that predict has nothing to answer with; the caller moves the version's stage. */
  public Release retire(Model model, String reason, Caller actor, long requestId) {
    var situation = situations.of(model);
    var start = start(situation, ReleaseKind.RETIRE, null, requestId, reason, actor);
    endInFlight(situation, "superseded: the live version was retired");
    Readiness.Result standing = readiness(situation, situation.version(model.live()));
    return switching.now(situation, start, actor, standing.replicas());
  }

  /** @throws NotFound when the model has no such version */
  public Version version(Situation situation, int number) {
    return situation.numbered(number).orElseGet(() -> pointers.version(situation.model(), number));
  }

  /**
   * Waits at most 2 s until the connected replicas report the switch in force; a release that is not LIVE is answered as it is.
   *
   * @param since {@link System#nanoTime()} when it was asked for
   */
  public Release confirm(Release release, long since) {
    boolean switched =
        release.state() == ReleaseState.LIVE || release.state() == ReleaseState.UNDONE;
    if (!switched || release.feedRevision() == null) {
      return release;
    }
    return convergence.await(release, feed.of(release.feedRevision()), since);
  }

  /** @throws NotFound when there is none of that name */
  public Release get(long id) {
    return store
        .find(id)
        .orElseThrow(() ->
            new NotFound("release-not-found", "there is no release " + id).with("release_id", id));
  }

  /** Newest first, those before {@code before}. @throws NotFound when there is no such model */
  public List<Release> list(String model, long before, int size) {
    return store.page(pointers.find(model).id(), before, size);
  }

  /** The switch that made things as they are; empty when there was none. */
  public Optional<Release> latest(Model model) {
    return store.latest(model.id());
  }

  private Release prepare(
      Model model, Start start, List<ReplicaOutcome> outcomes, ReleaseStrategy strategy) {
    long id = store
        .insertPreparing(start, start.startedAt().plus(PREPARE), strategy, outcomes)
        .orElseThrow(() -> inFlight(model, store.inFlightOf(model.id()).orElseThrow()));
    feed.bumpFor(id);
    return get(id);
  }

  /** Waits for the replicas in the background, once the present transaction has committed, and records what they did. */
  public void confirmAfterCommit(Release release) {
    long since = System.nanoTime();
    afterCommit.run(() -> Thread.ofVirtual()
        .name("slipway-confirm-" + release.id())
        .start(() -> confirm(release, since)));
  }

  Readiness.Result readiness(Model model, Version version) {
    Instant now = clock.instant();
    var target = Readiness.Target.now(model.name(), pointers.tags(model.id()), version);
    return Readiness.of(target, replicas.aboutDigest(version.digest(), now), now);
  }

  private Readiness.Result readiness(Situation situation, Version version) {
    var target =
        Readiness.Target.now(situation.model().name(), situation.facts().tags(), version);
    return Readiness.of(target, situation.facts().heard(), clock.instant());
  }

  private void refuseWhileInFlight(Situation situation) {
    inFlightOf(situation).ifPresent(winner -> {
      throw inFlight(situation.model(), winner);
    });
  }

  private void endInFlight(Situation situation, String reason) {
    inFlightOf(situation)
        .ifPresent(preparing -> switching.fail(situation.model(), preparing, reason, List.of()));
  }

  private Optional<InFlight> inFlightOf(Situation situation) {
    return situation.facts().inFlight()
        ? store.inFlightOf(situation.model().id())
        : Optional.empty();
  }

  private RegistryException inFlight(Model model, InFlight winner) {
    Integer number = Optional.ofNullable(pointers.versions(List.of(winner.to())).get(winner.to()))
        .map(Version::number)
        .orElse(null);
    return new Conflict(
            "release-in-flight",
            "release " + winner.id() + " of model '" + model.name() + "' is bringing version "
                + number + " live, asked for by " + winner.actor()
                + ": wait until it has ended, then try again")
        .with("model", model.name())
        .with("release_id", winner.id())
        .with("version", number);
  }

  private static RegistryException refused(Model model, int version, String slug, String why) {
    return new Conflict(slug, "version " + version + " of model '" + model.name() + "' " + why)
        .with("model", model.name())
        .with("version", version);
  }
}
