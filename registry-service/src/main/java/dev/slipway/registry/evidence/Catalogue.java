package dev.slipway.registry.evidence;

import dev.slipway.registry.review.CheckNames;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The checks there are. */
@Singleton
class Catalogue implements CheckNames {
  private final List<EvidenceCheck> checks;

  Catalogue(@All List<EvidenceCheck> checks) {
    this.checks = checks;
  }

  @Override
  public Set<String> computed() {
    return names(check -> true);
  }

  Set<String> ofTexts() {
    return names(EvidenceCheck::readsTexts);
  }

  @Override
  public Set<String> ofLive() {
    return names(EvidenceCheck::comparesWithLive);
  }

  Optional<EvidenceCheck> find(String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst();
  }

  private Set<String> names(Predicate<EvidenceCheck> which) {
    return checks.stream()
        .filter(which)
        .map(EvidenceCheck::name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
