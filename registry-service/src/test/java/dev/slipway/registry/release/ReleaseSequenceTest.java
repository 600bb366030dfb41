package dev.slipway.registry.release;

import static dev.slipway.registry.release.ReleaseKind.PROMOTION;
import static dev.slipway.registry.release.ReleaseKind.RETIRE;
import static dev.slipway.registry.release.ReleaseKind.ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.release.ReleaseSequence.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ReleaseSequenceTest {

  @Test
  void twoRollbacksFromTheThirdVersionGiveTheSecondThenTheFirst() {
    var steps = promoted(1, 2, 3);
    assertThat(new ReleaseSequence(steps).previous()).contains(2L);
    rollBack(steps);
    assertThat(new ReleaseSequence(steps).previous()).contains(1L);
    rollBack(steps);
    assertThat(new ReleaseSequence(steps).live()).contains(1L);
    assertThat(new ReleaseSequence(steps).previous()).isEmpty();
  }

  @Test
  void nothingReleasedHasNoPrevious() {
    assertThat(new ReleaseSequence(List.of()).previous()).isEmpty();
    assertThat(new ReleaseSequence(promoted(1)).previous()).isEmpty();
  }

  @Test
  void retiredModelHasNoPrevious() {
    var steps = promoted(1, 2);
    steps.add(new Step(RETIRE, 2L, null));
    assertThat(new ReleaseSequence(steps).live()).isEmpty();
    assertThat(new ReleaseSequence(steps).previous()).isEmpty();
  }

  @Test
  void rolledBackVersionIsNoTargetUntilItIsPromotedAgain() {
    var steps = promoted(1, 2);
    rollBack(steps);
    assertThat(new ReleaseSequence(steps).isRolledBack(2)).isTrue();
    steps.add(new Step(PROMOTION, 1L, 3L));
    assertThat(new ReleaseSequence(steps).previous()).contains(1L);
    steps.add(new Step(PROMOTION, 3L, 2L));
    assertThat(new ReleaseSequence(steps).isRolledBack(2)).isFalse();
    assertThat(new ReleaseSequence(steps).previous()).contains(1L);
  }

  @Test
  void versionPromotedBeforeTheLiveOneAndRetiredIsStillThePreviousOne() {
    var steps = promoted(1);
    steps.add(new Step(RETIRE, 1L, null));
    steps.add(new Step(PROMOTION, null, 2L));
    assertThat(new ReleaseSequence(steps).previous()).contains(1L);
  }

  @Property
  void previousIsTheLatestVersionThatTheRuleAllows(@ForAll("histories") List<Step> steps) {
    assertThat(new ReleaseSequence(steps).previous()).isEqualTo(byTheRule(steps));
  }

  @Property
  void rollingBackAgainAndAgainVisitsEachVersionOnceAndEnds(@ForAll("histories") List<Step> steps) {
    var history = new ArrayList<>(steps);
    Set<Long> seen = new HashSet<>();
    new ReleaseSequence(history).live().ifPresent(seen::add);
    Optional<Long> target = new ReleaseSequence(history).previous();
    while (target.isPresent()) {
      assertThat(seen.add(target.get()))
          .as("version %s comes back", target.get())
          .isTrue();
      Long bad = new ReleaseSequence(history).live().orElseThrow();
      rollBack(history);
      assertThat(new ReleaseSequence(history).isRolledBack(bad)).isTrue();
      assertThat(new ReleaseSequence(history).live()).isEqualTo(target);
      target = new ReleaseSequence(history).previous();
    }
  }

  @Property
  void previousWasLiveAndIsNeitherLiveNorRolledBack(@ForAll("histories") List<Step> steps) {
    var sequence = new ReleaseSequence(steps);
    sequence.previous().ifPresent(previous -> {
      assertThat(sequence.live()).isPresent().get().isNotEqualTo(previous);
      assertThat(sequence.wasLive(previous)).isTrue();
      assertThat(sequence.isRolledBack(previous)).isFalse();
    });
  }

  /** Histories as the rules let them come about: 0 rolls back, 1 retires, 2 rolls back to a chosen one, others promote. */
  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.integers().between(0, 9).list().ofMaxSize(40).map(choices -> {
      var steps = new ArrayList<Step>();
      for (int i = 0; i < choices.size(); i++) {
        choose(steps, choices.get(i), i);
      }
      return List.copyOf(steps);
    });
  }

  private static void choose(List<Step> steps, int choice, int turn) {
    var sequence = new ReleaseSequence(steps);
    Long live = sequence.live().orElse(null);
    switch (choice) {
      case 0 -> sequence.previous().ifPresent(to -> steps.add(new Step(ROLLBACK, live, to)));
      case 1 -> {
        if (live != null) {
          steps.add(new Step(RETIRE, live, null));
        }
      }
      case 2 -> {
        long to = 3L + turn % 7;
        if (live != null && live != to && sequence.wasLive(to) && !sequence.isRolledBack(to)) {
          steps.add(new Step(ROLLBACK, live, to));
        }
      }
      default -> {
        if (live == null || live != choice) {
          steps.add(new Step(PROMOTION, live, (long) choice));
        }
      }
    }
  }

  /** Rule 7 as it is written, without regard to cost: collect every version that qualifies, take the latest. */
  private static Optional<Long> byTheRule(List<Step> steps) {
    if (steps.isEmpty() || steps.getLast().to() == null) {
      return Optional.empty();
    }
    long live = steps.getLast().to();
    int first = 0;
    while (steps.get(first).kind() != PROMOTION
        || !Long.valueOf(live).equals(steps.get(first).to())) {
      first++;
    }
    record Candidate(int at, long version) {}
    var candidates = new ArrayList<Candidate>();
    for (int i = 0; i < first; i++) {
      Long version = steps.get(i).to();
      if (version != null && version != live && !markedRolledBack(steps, version)) {
        candidates.add(new Candidate(i, version));
      }
    }
    return candidates.stream().max(Comparator.comparingInt(Candidate::at)).map(Candidate::version);
  }

  private static boolean markedRolledBack(List<Step> steps, long version) {
    boolean marked = false;
    for (Step step : steps) {
      if (step.kind() == ROLLBACK && Long.valueOf(version).equals(step.from())) {
        marked = true;
      }
      if (step.kind() == PROMOTION && Long.valueOf(version).equals(step.to())) {
        marked = false;
      }
    }
    return marked;
  }

  private static List<Step> promoted(long... versions) {
    var steps = new ArrayList<Step>();
    Long live = null;
    for (long version : versions) {
      steps.add(new Step(PROMOTION, live, version));
      live = version;
    }
    return steps;
  }

  private static void rollBack(List<Step> steps) {
    var sequence = new ReleaseSequence(steps);
    steps.add(
        new Step(ROLLBACK, sequence.live().orElseThrow(), sequence.previous().orElseThrow()));
  }
}
