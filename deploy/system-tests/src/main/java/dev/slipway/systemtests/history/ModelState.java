package dev.slipway.systemtests.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One registered model as the rules have it, by itself and in one thread: what the registry must be indistinguishable from. */
final class ModelState {
  private final Map<Integer, String> stages = new TreeMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<Long, Asked> requests = new HashMap<>();
  private int needed = 1;
  private boolean bypassable;
  private Integer live;
  private Integer alias;
  private int liveChanges;

  /** A switch. {@code from} and {@code to} are null for none. */
  record Step(String kind, Integer from, Integer to) {}

  /** A request. */
  static final class Asked {
    final int version;
    final String from;
    final String to;
    final String requester;
    final int liveChangesThen;
    final Set<String> approvers = new HashSet<>();
    String state = "open";

    Asked(int version, String from, String to, String requester, int liveChangesThen) {
      this.version = version;
      this.from = from;
      this.to = to;
      this.requester = requester;
      this.liveChangesThen = liveChangesThen;
    }

    boolean isOpen() {
      return state.equals("open");
    }
  }

  ModelState(int versions) {
    for (int version = 1; version <= versions; version++) {
      stages.put(version, Rules.NONE);
    }
  }

  Map<Integer, String> stages() {
    return stages;
  }

  Integer live() {
    return live;
  }

  /** How often another version, or none, became live. */
  int liveChanges() {
    return liveChanges;
  }

  Asked request(long id) {
    return requests.get(id);
  }

  Map<Long, Asked> requests() {
    return requests;
  }

  boolean isPending(int version, String to) {
    return requests.values().stream()
        .anyMatch(each -> each.isOpen() && each.version == version && each.to.equals(to));
  }

  private int needed(String from, String to, boolean isLive) {
    return to.equals(Rules.PRODUCTION) || (isLive && from.equals(Rules.PRODUCTION)) ? needed : 0;
  }

  /** Opens a request; one that needs no approval is made at once. */
  void open(long id, int version, String to, String requester) {
    String from = stages.get(version);
    var asked = new Asked(version, from, to, requester, liveChanges);
    requests.put(id, asked);
    if (isGranted(asked)) {
      apply(asked);
    }
  }

  void approve(long id, String approver) {
    Asked asked = requests.get(id);
    asked.approvers.add(approver);
    if (isGranted(asked)) {
      apply(asked);
    }
  }

  private boolean isGranted(Asked asked) {
    boolean isLive = live != null && live == asked.version;
    return asked.approvers.size() >= needed(asked.from, asked.to, isLive);
  }

  private void apply(Asked asked) {
    asked.state = "applied";
    if (asked.to.equals(Rules.PRODUCTION)) {
      pointTo("promotion", asked.version);
    } else if (live != null && live == asked.version) {
      steps.add(new Step("retire", live, null));
      stages.put(live, asked.to);
      liveIs(null);
    } else {
      stages.put(asked.version, asked.to);
    }
    supersedeMoved();
  }

  /** Makes a request's move without the approvals that it needs. */
  void bypass(long id) {
    apply(requests.get(id));
  }

  void rollBack(int version) {
    pointTo("rollback", version);
    supersedeMoved();
  }

  boolean wasLive(int version) {
    return steps.stream().anyMatch(step -> step.to() != null && step.to() == version);
  }

  /** What the one alias that is moved here points at; null for nothing. */
  Integer alias() {
    return alias;
  }

  void alias(int version) {
    alias = version;
  }

  /** Whether the policy in force names a role that may bypass it: those put here do, the server's does not. */
  boolean bypassable() {
    return bypassable;
  }

  private void pointTo(String kind, int version) {
    steps.add(new Step(kind, live, version));
    if (live != null) {
      stages.put(live, Rules.ARCHIVED);
    }
    stages.put(version, Rules.PRODUCTION);
    liveIs(version);
  }

  private void liveIs(Integer version) {
    live = version;
    liveChanges++;
    requests.values().stream().filter(Asked::isOpen).forEach(open -> open.approvers.clear());
  }

  private void supersedeMoved() {
    requests.values().stream()
        .filter(each -> each.isOpen() && !each.from.equals(stages.get(each.version)))
        .forEach(each -> each.state = "superseded");
  }

  void policy(int approvals) {
    needed = approvals;
    bypassable = true;
    requests.values().stream().filter(Asked::isOpen).forEach(open -> open.approvers.clear());
  }

  /**
   * What a rollback returns to: the latest that was live before the live one's first promotion, unless it was itself rolled back and
   * not promoted since.
   */
  Optional<Integer> previous() {
    if (live == null) {
      return Optional.empty();
    }
    int first = 0;
    while (!(steps.get(first).kind().equals("promotion")
        && live.equals(steps.get(first).to()))) {
      first++;
    }
    for (int i = first - 1; i >= 0; i--) {
      Integer candidate = steps.get(i).to();
      if (candidate != null && !candidate.equals(live) && !wasRolledBack(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  boolean wasRolledBack(int version) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step.kind().equals("promotion") && step.to() == version) {
        return false;
      }
      if (step.kind().equals("rollback") && step.from() == version) {
        return true;
      }
    }
    return false;
  }
}
