package dev.slipway.serving.fleet;

import java.util.Optional;

/** Whether this replica should get requests, and whether it is alive. Cheap enough for every probe. Thread-safe. */
public interface FleetHealth {

  /** Why the replica is not ready; empty when it is. */
  Optional<String> notReady();

  /** Why the process should be replaced; empty when it should not. */
  Optional<String> notAlive();
}
