package dev.slipway.registry.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The switches of one model in their order, and what follows from them (rule 7). Pure: whatever names the standby and whatever
 * rolls back asks this.
 */
public final class ReleaseSequence {
  private final List<Step> steps;
  private final Set<Long> deleted;

  /**
   * One switch that took place. Versions go by number.
   *
   * @param from the version that was live before; null when none was
   * @param to the version that is live after; null for a retirement
   */
  public record Step(ReleaseKind kind, Long from, Long to) {}

  public ReleaseSequence(List<Step> steps) {
    this(steps, Set.of());
  }

  /** @param deleted versions that are gone: they were live, and cannot be again */
  public ReleaseSequence(List<Step> steps, Set<Long> deleted) {
    this.steps = List.copyOf(steps);
    this.deleted = Set.copyOf(deleted);
  }

  /** The same sequence, with one version more gone. */
  ReleaseSequence without(long version) {
    var gone = new HashSet<>(deleted);
    gone.add(version);
    return new ReleaseSequence(steps, gone);
  }

  /** The same sequence after one switch more. */
  ReleaseSequence after(Step step) {
    var longer = new ArrayList<>(steps);
    longer.add(step);
    return new ReleaseSequence(longer, deleted);
  }

  /** The live version; empty before the first release and after a retirement. */
  public Optional<Long> live() {
    return steps.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(steps.getLast().to());
  }

  /**
   * The version that a rollback returns to: the latest that was live before the live one's first promotion and is not marked
   * rolled back. So from v3 two rollbacks give v2, then v1. Empty when nothing is live or nothing qualifies.
   */
  public Optional<Long> previous() {
    Long current = live().orElse(null);
    if (current == null) {
      return Optional.empty();
    }
    for (int i = firstPromotion(current) - 1; i >= 0; i--) {
      Long candidate = steps.get(i).to();
      if (candidate != null
          && !candidate.equals(current)
          && !deleted.contains(candidate)
          && !isRolledBack(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Whether the version was rolled back and not promoted again since: it goes live again only by a new request. */
  public boolean isRolledBack(long version) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (step.kind() == ReleaseKind.PROMOTION && isVersion(step.to(), version)) {
        return false;
      }
      if (step.kind() == ReleaseKind.ROLLBACK && isVersion(step.from(), version)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the version was live at any time. */
  public boolean wasLive(long version) {
    return steps.stream().anyMatch(step -> isVersion(step.to(), version));
  }

  private int firstPromotion(long version) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).kind() == ReleaseKind.PROMOTION && isVersion(steps.get(i).to(), version)) {
        return i;
      }
    }
    return 0;
  }

  private static boolean isVersion(Long id, long version) {
    return id != null && id == version;
  }
}
