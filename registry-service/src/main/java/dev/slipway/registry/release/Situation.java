package dev.slipway.registry.release;

import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What whoever moves a model's live pointer has to know, read in one statement after the model was locked: earlier would be too early,
 * for who waits for the lock finds the model as somebody else left it.
 */
public final class Situation {
  private final Model model;
  private final Facts facts;

  Situation(Model model, Facts facts) {
    this.model = model;
    this.facts = facts;
  }

  /**
   * @param inFlight whether a release of the model is being prepared or is at a step
   * @param reviewed whether the model's stages are reviewed
   * @param asked whether a move of the model's is asked for and not decided
   * @param switches of the model in their order
   * @param versions by id: the live and the previous one, and those that were asked for
   * @param heard what the replicas say about the model's versions, those of the last day
   */
  record Facts(
      boolean inFlight,
      boolean reviewed,
      boolean asked,
      ReleaseSequence switches,
      Map<Long, Version> versions,
      Map<String, String> tags,
      List<Readiness.Heard> heard) {}

  Model model() {
    return model;
  }

  Facts facts() {
    return facts;
  }

  /** Null for no version, and for one that is neither live nor the previous one and was not asked for. */
  Version version(Long id) {
    return id == null ? null : facts.versions().get(id);
  }

  /** One of those that were asked for, the live or the previous one, by number. */
  public Optional<Version> numbered(long number) {
    return facts.versions().values().stream()
        .filter(version -> version.number() == number)
        .findFirst();
  }
}
