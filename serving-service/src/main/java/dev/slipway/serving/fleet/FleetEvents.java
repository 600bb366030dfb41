package dev.slipway.serving.fleet;

import java.time.Duration;

/** What happens in the fleet, for those who count or tell it. Called by the reconcile loop: must not block. */
interface FleetEvents {
  /** A version became READY. */
  void loaded(Duration loadTime);

  /** A load ended in failure. */
  void loadFailed(LoadFailure.Kind kind);

  /** A model's live version changed from one version to another. */
  void switched();

  /** Something that the registry wants to know has changed. */
  void changed();
}
