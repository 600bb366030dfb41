package dev.slipway.serving.fleet;

import dev.slipway.serving.fleet.ServableState.Ready;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The servables that the fleet holds, at most one for an id. What it asks for one model costs as much as that model has versions,
 * however many models there are. Changed by the reconcile loop only; a {@link #copy} is never changed.
 */
final class Holdings {
  private final Map<String, Map<ServableId, Servable>> byModel;

  Holdings() {
    this(new HashMap<>());
  }

  private Holdings(Map<String, Map<ServableId, Servable>> byModel) {
    this.byModel = byModel;
  }

  /** Null when there is none. */
  Servable get(ServableId id) {
    return byModel.getOrDefault(id.model(), Map.of()).get(id);
  }

  Stream<Servable> all() {
    return byModel.values().stream().flatMap(model -> model.values().stream());
  }

  boolean isEmpty() {
    return byModel.isEmpty();
  }

  void put(Servable servable) {
    Map<ServableId, Servable> model =
        new LinkedHashMap<>(byModel.getOrDefault(servable.id().model(), Map.of()));
    model.put(servable.id(), servable);
    byModel.put(servable.id().model(), model);
  }

  Servable remove(ServableId id) {
    Map<ServableId, Servable> model =
        new LinkedHashMap<>(byModel.getOrDefault(id.model(), Map.of()));
    Servable removed = model.remove(id);
    if (model.isEmpty()) {
      byModel.remove(id.model());
    } else {
      byModel.put(id.model(), model);
    }
    return removed;
  }

  /** The READY one with these bytes under this name and number, loaded as {@code id} says if there is one; null when none is READY. */
  Servable answering(ServableId id) {
    Servable exact = get(id);
    if (exact != null && exact.state() instanceof Ready) {
      return exact;
    }
    return sameContent(id)
        .filter(other -> other.state() instanceof Ready)
        .findFirst()
        .orElse(null);
  }

  /** The one that answers for {@code id}; else the one on its way to; else null. */
  Servable standingFor(ServableId id) {
    Servable answering = answering(id);
    return answering == null ? get(id) : answering;
  }

  /** Those that answer, or will answer, the same requests with the same bytes. */
  Stream<Servable> sameContent(ServableId id) {
    return byModel.getOrDefault(id.model(), Map.of()).values().stream()
        .filter(other -> other.id().sameContent(id));
  }

  /** As it is now: the models' own maps are replaced with each change and never written to. */
  Holdings copy() {
    return new Holdings(Map.copyOf(byModel));
  }
}
