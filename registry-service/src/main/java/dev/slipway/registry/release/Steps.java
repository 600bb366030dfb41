package dev.slipway.registry.release;

import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.release.ReleaseStore.InFlight;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings the traffic of one model over step by step, and takes all of it back where the new version does worse. Every call runs
 * under the model's row lock. What is decided rests on the replicas' reports alone: without reports, as after the registry was
 * away, no step goes on.
 */
@ApplicationScoped
class Steps {
  /** Counts older than this no longer weigh: a version that goes bad after an hour is found as fast as one that begins badly. */
  private static final Duration WINDOW = Duration.ofMinutes(1);
  /** The figures that people see are written at most this often. */
  private static final Duration WRITE = Duration.ofSeconds(1);

  private final ReleaseStore store;
  private final ReplicaStore replicas;
  private final LivePointers pointers;
  private final Switch switching;
  private final ReleaseGate gate;
  private final Clock clock;

  Steps(
      ReleaseStore store,
      ReplicaStore replicas,
      LivePointers pointers,
      Switch switching,
      ReleaseGate gate,
      Clock clock) {
    this.store = store;
    this.replicas = replicas;
    this.pointers = pointers;
    this.switching = switching;
    this.gate = gate;
    this.clock = clock;
  }

  /** The two versions that a release compares, by number. */
  private record Pair(int released, int live) {}

  /** Why the release may not go on, whatever the replicas say; empty when nothing is in the way. */
  Optional<String> objection(Model model, InFlight inFlight) {
    if (inFlight.requestId() == null) {
      return Optional.empty();
    }
    Version version = pointers.versions(List.of(inFlight.to())).get(inFlight.to());
    boolean gone = inFlight.kind() == ReleaseKind.PROMOTION
        && version.stage() != Stage.STAGING
        && gate.isReviewed(model.id());
    return gone
        ? Optional.of("version " + version.number() + " was moved to " + version.stage()
            + " while it was being released")
        : Optional.ofNullable(gate.objection(inFlight.requestId()));
  }

  /** Begins the first step of what is READY on every replica. */
  void begin(Model model, InFlight inFlight) {
    goTo(model, inFlight, inTheNameOf(inFlight), 0);
  }

  /**
   * Judges the present step by what the replicas reported: undoes the release when it failed, goes to the next step when it is over
   * and was good.
   *
   * @return whether the last step is over and all traffic may go to the new version
   */
  boolean look(Model model, InFlight inFlight, List<ReplicaOutcome> outcomes, Instant now) {
    Pair pair = pair(model, inFlight);
    Observed before = store.observed(inFlight.id()).orElseThrow();
    Observed present = observed(model, pair, now, before.proven());
    StepJudge.Verdict verdict = judge(inFlight, pair, before, present);
    Observed first = before.doubt();
    StepJudge.Verdict after = first == null ? null : judge(inFlight, pair, first, present);
    Doubt doubt = Doubt.of(verdict, first == null ? null : first.since(), after, now);
    write(inFlight, doubt.isOpen() ? verdict.inDoubt() : verdict, now);
    if (verdict.failure() != null || doubt == Doubt.CONFIRMED) {
      String at = "step " + (inFlight.step() + 1) + " failed by ";
      String why = verdict.failure() != null ? verdict.failure() : after.slow();
      switching.fail(model, inFlight, at + why, outcomes);
      return false;
    }
    if (doubt != Doubt.NONE) {
      record(inFlight, before, present, doubt);
      return false;
    }
    if (isOver(inFlight, now) && (verdict.isGood() || before.proven())) {
      return advance(model, inFlight, inTheNameOf(inFlight));
    }
    if (verdict.isGood() && !now.isBefore(before.since().plus(WINDOW))) {
      store.recordObserved(inFlight.id(), observed(model, pair, now, true));
    }
    return false;
  }

  private static StepJudge.Verdict judge(
      InFlight inFlight, Pair pair, Observed from, Observed present) {
    return StepJudge.judge(
        inFlight.strategy().limitsOrDefaults(),
        from.until(present),
        pair.released(),
        pair.live(),
        from.since(),
        present.since());
  }

  private void record(InFlight inFlight, Observed before, Observed present, Doubt doubt) {
    switch (doubt) {
      case BEGINS -> store.recordObserved(inFlight.id(), before.doubtedFrom(present));
      case DISPELLED -> store.recordObserved(inFlight.id(), before.doubt());
      case NONE, LASTS, CONFIRMED -> {}
    }
  }

  /** Goes to the next step. @return whether there is none, and all traffic may go to the new version */
  boolean advance(Model model, InFlight inFlight, Caller actor) {
    int next = inFlight.step() + 1;
    if (next >= inFlight.strategy().stepsBeforeAll().size()) {
      return true;
    }
    goTo(model, inFlight, actor, next);
    return false;
  }

  private void goTo(Model model, InFlight inFlight, Caller actor, int step) {
    Instant now = clock.instant();
    switching.step(
        model, inFlight, actor, step, observed(model, pair(model, inFlight), now, false));
  }

  private void write(InFlight inFlight, StepJudge.Verdict verdict, Instant now) {
    if (verdict.failure() != null) {
      store.recordFigures(inFlight.id(), verdict.figures());
    } else {
      store.recordFigures(inFlight.id(), verdict.figures(), now.minus(WRITE));
    }
  }

  private static boolean isOver(InFlight inFlight, Instant now) {
    ReleaseStrategy.Step step = inFlight.strategy().stepsBeforeAll().get(inFlight.step());
    return step.seconds() != null
        && !now.isBefore(inFlight.stepStartedAt().plusSeconds(step.seconds()));
  }

  private Observed observed(Model model, Pair pair, Instant now, boolean proven) {
    List<Readiness.Heard> connected = replicas.aboutModel(model.name(), now).stream()
        .filter(heard -> heard.isConnected(now))
        .toList();
    return Observed.now(connected, model.name(), pair.released(), pair.live(), now, proven);
  }

  private Pair pair(Model model, InFlight inFlight) {
    var versions = pointers.versions(List.of(inFlight.to(), model.live()));
    Version released = versions.get(inFlight.to());
    return new Pair(released.number(), versions.get(model.live()).number());
  }

  private static Caller inTheNameOf(InFlight inFlight) {
    return new Caller(inFlight.actor(), Set.of(), null);
  }
}
