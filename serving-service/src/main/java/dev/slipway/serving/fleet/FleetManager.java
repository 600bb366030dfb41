package dev.slipway.serving.fleet;

import dev.slipway.common.artifact.Digest;
import dev.slipway.serving.fleet.DesiredState.Rank;
import dev.slipway.serving.fleet.DesiredState.Wanted;
import dev.slipway.serving.fleet.ServableState.Closed;
import dev.slipway.serving.fleet.ServableState.Draining;
import dev.slipway.serving.fleet.ServableState.Failed;
import dev.slipway.serving.fleet.ServableState.OnItsWay;
import dev.slipway.serving.fleet.ServableState.Ready;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to do next, as a pure function of what is wanted and what is there: no clock, no thread, no memory of its own. Asked
 * again after its answer was carried out, it answers with nothing more to do.
 *
 * <p>It is availability-preserving (TensorFlow Serving's word): what should answer is loaded before what does answer is let
 * go. Most urgent first: live, prepare, standby, staged, aliased.
 */
final class FleetManager {
  private final int maxLoads;
  private final long budgetBytes;

  /**
   * @param maxLoads how many loads run at once; a live version may take one more
   * @param budgetBytes what all servables together may take
   */
  FleetManager(int maxLoads, long budgetBytes) {
    this.maxLoads = maxLoads;
    this.budgetBytes = budgetBytes;
  }

  /** One servable as it is. {@code bytes} is its estimated memory. */
  record Actual(ServableId id, ServableState state, long bytes) {
    boolean isReady() {
      return state instanceof Ready;
    }

    boolean loads() {
      return state instanceof OnItsWay;
    }

    boolean takesMemory() {
      return !(state instanceof Failed || state instanceof Closed);
    }
  }

  /**
   * What is there.
   *
   * @param held by id: what the fleet holds
   * @param leaving what it has let go of, and what is not gone yet: loads to be thrown away, servables with requests in them
   * @param memory estimates that are known, by digest
   * @param feedSerial how many feeds were applied
   */
  record Situation(
      Map<ServableId, Actual> held,
      List<Actual> leaving,
      Map<Digest, Long> memory,
      long feedSerial,
      Instant now) {}

  /** One step. */
  sealed interface Action {
    /** Find out how much memory it will take. */
    record Measure(Wanted wanted) implements Action {}

    record Load(Wanted wanted) implements Action {}

    /** Do not load it, and say why. */
    record Refuse(Wanted wanted, LoadFailure cause) implements Action {}

    /** Route nothing to it, close it when it is unused; a load in progress is thrown away. */
    record Unload(ServableId id) implements Action {}
  }

  /** The steps, and when to ask again though nothing happened. */
  record Plan(List<Action> actions, Optional<Instant> wakeAt) {}

  Plan plan(DesiredState desired, Situation situation) {
    return new Planning(desired, situation).plan();
  }

  /** One call's working state. */
  private final class Planning {
    private final DesiredState desired;
    private final Situation situation;
    private final Set<ServableId> wantedIds;
    private final List<Action> actions = new ArrayList<>();
    private Optional<Instant> wakeAt = Optional.empty();
    private long loads;
    private long committed;
    private long leaving;
    /** Some live version will need memory, and it is not known yet how much. */
    private boolean liveUnknown;

    Planning(DesiredState desired, Situation situation) {
      this.desired = desired;
      this.situation = situation;
      this.wantedIds = desired.wanted().stream().map(Wanted::id).collect(Collectors.toSet());
    }

    Plan plan() {
      for (Actual actual : situation.leaving()) {
        count(actual);
        leaving += actual.takesMemory() ? actual.bytes() : 0;
      }
      for (Actual actual : situation.held().values()) {
        count(actual);
        if (!isWanted(actual.id()) && !standsIn(actual)) {
          actions.add(new Action.Unload(actual.id()));
          leaving += actual.takesMemory() ? actual.bytes() : 0;
        }
      }
      desired.wanted().forEach(this::consider);
      return new Plan(List.copyOf(actions), wakeAt);
    }

    private void count(Actual actual) {
      loads += actual.loads() ? 1 : 0;
      committed += actual.takesMemory() ? actual.bytes() : 0;
    }

    private boolean isWanted(ServableId id) {
      return wantedIds.contains(id);
    }

    /**
     * Whether a READY servable that nobody wants stays for now: the same version loaded in another way until its successor is
     * READY, and a model's only READY version while the one that should be live is on its way.
     */
    private boolean standsIn(Actual actual) {
      return actual.isReady()
          && desired.wanted().stream()
              .filter(wanted ->
                  wanted.id().model().equals(actual.id().model()) && !isReady(wanted.id()))
              .anyMatch(wanted -> wanted.id().sameContent(actual.id())
                  || (wanted.rank() == Rank.LIVE
                      && isComing(wanted.id())
                      && noneReady(actual.id())));
    }

    private boolean isReady(ServableId id) {
      Actual actual = situation.held().get(id);
      return actual != null && actual.isReady();
    }

    private boolean isComing(ServableId id) {
      Actual actual = situation.held().get(id);
      return actual == null
          || !(actual.state() instanceof Failed failed)
          || failed.cause().passing();
    }

    private boolean noneReady(ServableId exceptThis) {
      return situation.held().values().stream()
          .noneMatch(other -> other.isReady()
              && !other.id().equals(exceptThis)
              && other.id().model().equals(exceptThis.model())
              && isWanted(other.id()));
    }

    private void consider(Wanted wanted) {
      Actual actual = situation.held().get(wanted.id());
      if (actual != null && !(actual.state() instanceof Failed failed && mayTry(wanted, failed))) {
        return;
      }
      Long bytes = situation.memory().get(wanted.id().digest());
      if (bytes == null) {
        actions.add(new Action.Measure(wanted));
        liveUnknown |= wanted.rank() == Rank.LIVE && actual == null;
        return;
      }
      if (wanted.rank() == Rank.LIVE) {
        load(wanted, bytes);
        return;
      }
      long need = committed + bytes - replaced(wanted);
      if (need > budgetBytes) {
        refuse(wanted, actual, bytes, need);
      } else if (!liveUnknown) {
        load(wanted, bytes);
      }
    }

    /** Its memory is spoken for also while it waits for a place: nothing less urgent may take it. */
    private void load(Wanted wanted, long bytes) {
      committed += bytes;
      if (loads < maxLoads + (wanted.rank() == Rank.LIVE ? 1 : 0)) {
        actions.add(new Action.Load(wanted));
        loads++;
      }
    }

    /** A failed prepare is tried again when the feed has moved since: it may be a new release of the same version. */
    private boolean mayTry(Wanted wanted, Failed failed) {
      if (failed.cause().kind() == LoadFailure.Kind.OVER_BUDGET
          || (wanted.prepares() && failed.feedSerial() < situation.feedSerial())) {
        return true;
      }
      failed
          .retryAt()
          .filter(at -> at.isAfter(situation.now()))
          .filter(at -> wakeAt.isEmpty() || at.isBefore(wakeAt.get()))
          .ifPresent(at -> wakeAt = Optional.of(at));
      return failed.retryAt().isPresent() && !failed.retryAt().get().isAfter(situation.now());
    }

    /** Where the settings waive the standby, what is live now goes when this one comes, and is not counted beside it. */
    private long replaced(Wanted wanted) {
      if (!wanted.waivesStandby()) {
        return 0;
      }
      return desired.wanted().stream()
          .filter(other ->
              other.rank() == Rank.LIVE && other.id().model().equals(wanted.id().model()))
          .map(other -> situation.held().get(other.id()))
          .filter(live -> live != null && live.takesMemory())
          .mapToLong(Actual::bytes)
          .sum();
    }

    private void refuse(Wanted wanted, Actual actual, long bytes, long need) {
      if (need - leaving <= budgetBytes) {
        return; // It fits as soon as what is leaving has gone.
      }
      var cause = new LoadFailure(
          LoadFailure.Kind.OVER_BUDGET,
          wanted.id() + " needs about " + mib(bytes) + "; " + mib(committed) + " of "
              + mib(budgetBytes)
              + " are taken by loaded versions. Raise slipway.serving.memory-budget, serve fewer models"
              + " here, or waive the standby in the model's settings");
      if (!(actual != null
          && actual.state() instanceof Failed failed
          && failed.cause().equals(cause))) {
        actions.add(new Action.Refuse(wanted, cause));
      }
    }
  }

  private static String mib(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20) + " MiB";
  }

  /** Whether a state ends in nothing more to come by itself. */
  static boolean isSettled(ServableState state) {
    return switch (state) {
      case Ready ready -> true;
      case Failed failed -> !failed.cause().passing();
      case OnItsWay coming -> false;
      case Draining draining -> false;
      case Closed closed -> false;
    };
  }
}
