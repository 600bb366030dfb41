package dev.slipway.serving.predict;

import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** What the versions that answer now have answered. Thread-safe; never blocks. */
@Singleton
public class VersionStatistics {
  private final Servables servables;
  private final Lanes lanes;

  VersionStatistics(Servables servables, Lanes lanes) {
    this.servables = servables;
    this.lanes = lanes;
  }

  /** One version's. */
  public record Counted(String model, int version, InferenceStatistics statistics) {}

  /** Of every model, by name and version. */
  public List<Counted> all() {
    List<Counted> all = new ArrayList<>();
    servables.models().forEach(model -> addVersions(model, all));
    return all;
  }

  /**
   * Of one model.
   *
   * @param selector which version; {@link VersionSelector.Live} for all of them
   * @throws NotServedException when there is none
   */
  public List<Counted> of(String model, VersionSelector selector) throws NotServedException {
    List<Counted> some = new ArrayList<>();
    if (selector instanceof VersionSelector.Live) {
      addVersions(model, some);
    }
    if (some.isEmpty()) {
      add(model, selector, some);
    }
    return some;
  }

  private void addVersions(String model, List<Counted> list) {
    for (int version : servables.versions(model)) {
      try {
        add(model, new VersionSelector.Exact(version), list);
      } catch (NotServedException e) {
        // It left between the two lines.
      }
    }
  }

  private void add(String model, VersionSelector selector, List<Counted> list)
      throws NotServedException {
    try (ServableHandle handle = servables.acquire(model, selector)) {
      InferenceStatistics counts = lanes.tally(handle).read();
      list.add(new Counted(handle.model(), handle.version(), counts));
    }
  }
}
