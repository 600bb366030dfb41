package dev.slipway.systemtests.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Explains one model's history by the order of its deeds: each deed was allowed where it stands and answered as the rules say; each
 * refusal was right at some moment between its call and its answer; no deed that was answered before another was called stands behind
 * it; what was answered as done was done, and what was refused was not.
 */
final class Checker {
  private final List<Observation> observations;
  private final List<Witness.Deed> deeds;
  private final Map<String, Observation> byId = new HashMap<>();
  private final Map<String, Integer> place = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final ModelState state;
  private final List<Window> windows = new ArrayList<>();

  /** The places, 0 for before the first deed, where a refused call may have looked, and the reasons that the states there give. */
  private static final class Window {
    final Observation refused;
    final int from;
    final int to;
    final Set<String> reasons = new HashSet<>();
    int liveChangesBefore;

    Window(Observation refused, int from, int to) {
      this.refused = refused;
      this.from = from;
      this.to = to;
    }
  }

  private Checker(int versions, List<Observation> observations, List<Witness.Deed> deeds) {
    this.state = new ModelState(versions);
    this.observations = observations;
    this.deeds = deeds;
    observations.forEach(each -> byId.put(each.operation().id(), each));
    for (int i = 0; i < deeds.size(); i++) {
      place.put(deeds.get(i).call(), i + 1);
    }
  }

  /**
   * @param state as the deeds leave it
   * @param refusals how many of them were explained
   */
  record Result(ModelState state, int refusals, List<String> faults) {}

  static Result check(int versions, List<Observation> observations, List<Witness.Deed> deeds) {
    return new Checker(versions, observations, deeds).run();
  }

  private Result run() {
    observations.forEach(this::matchAnswer);
    realTime();
    openWindows();
    explain(0);
    for (int i = 0; i < deeds.size(); i++) {
      replay(deeds.get(i));
      explain(i + 1);
    }
    windows.forEach(this::judge);
    return new Result(state, windows.size(), List.copyOf(faults));
  }

  private void matchAnswer(Observation one) {
    boolean done = place.containsKey(one.operation().id());
    if (one.succeeded() && !done) {
      faults.add("answered as done, but not in the log: " + one);
    }
    if (!one.succeeded() && !one.isUnknown() && done) {
      faults.add("refused, but done: " + one);
    }
  }

  /** In the order of the log, no deed may have been answered before one that stands before it was called. */
  private void realTime() {
    long latestCall = Long.MIN_VALUE;
    String which = null;
    for (Witness.Deed deed : deeds) {
      Observation one = byId.get(deed.call());
      if (one == null) {
        faults.add("nobody called " + deed.call());
        continue;
      }
      if (one.succeeded() && one.answered() < latestCall) {
        faults.add(
            deed.call() + " was answered before " + which + ", which stands before it, was called");
      }
      if (one.sent() > latestCall) {
        latestCall = one.sent();
        which = deed.call();
      }
    }
  }

  private void openWindows() {
    List<Observation> done = deeds.stream()
        .map(deed -> byId.get(deed.call()))
        .filter(one -> one != null)
        .sorted(Comparator.comparingLong(Observation::sent))
        .toList();
    for (Observation one : observations) {
      if (!one.succeeded() && !one.isUnknown()) {
        int from = 0;
        int to = deeds.size();
        for (Observation deed : done) {
          int at = place.get(deed.operation().id());
          if (deed.succeeded() && deed.answered() < one.sent()) {
            from = Math.max(from, at);
          }
          if (deed.sent() > one.answered()) {
            to = Math.min(to, at - 1);
          }
        }
        windows.add(new Window(one, from, to));
      }
    }
  }

  private void explain(int at) {
    for (Window window : windows) {
      if (at == window.from) {
        window.liveChangesBefore = state.liveChanges();
      }
      if (at >= window.from && at <= window.to) {
        Operation operation = window.refused.operation();
        Explanation.refusal(state, operation, false).ifPresent(window.reasons::add);
        if (window.liveChangesBefore != state.liveChanges()) {
          Explanation.refusal(state, operation, true).ifPresent(window.reasons::add);
        }
      }
    }
  }

  private void judge(Window window) {
    String given = window.refused.status() + " " + window.refused.problem();
    if (!window.reasons.contains(given)) {
      faults.add("no moment explains \"" + given + "\" (but " + window.reasons + ", places "
          + window.from + " to " + window.to + "): " + window.refused);
    }
  }

  private void replay(Witness.Deed deed) {
    Observation one = byId.get(deed.call());
    if (one == null) {
      return;
    }
    Optional<String> refusal = Explanation.refusal(state, one.operation(), false)
        .filter(why -> !why.equals("409 live-changed"));
    if (refusal.isPresent()) {
      faults.add("done though the rules say " + refusal.get() + ": " + one);
      return;
    }
    String expected = Explanation.carryOut(state, one.operation(), deed.request());
    if (one.succeeded() && !expected.equals(said(one))) {
      faults.add("answered " + said(one) + ", the rules say " + expected + ": " + one);
    }
  }

  private static String said(Observation one) {
    return switch (one.operation().kind()) {
      case ALIAS, POLICY -> "";
      case ROLLBACK, ROLLBACK_TO -> one.body().path("to_version").asText();
      case RETIRE ->
        one.body().has("kind") ? "applied" : one.body().path("state").asText();
      case OPEN, APPROVE, REJECT, WITHDRAW, BYPASS -> one.body().path("state").asText();
    };
  }
}
