package dev.slipway.serving.fleet;

import java.util.List;

/**
 * The fleet as the reconcile loop last left it, for those who report and show it. Servables' states may have moved on since.
 *
 * @param held what the fleet holds
 * @param leaving what it has let go of and what is not closed yet
 */
record FleetSnapshot(DesiredState desired, Holdings held, List<Servable> leaving) {
  /** Whether nothing is wanted, held or on its way out. */
  boolean isEmpty() {
    return desired.wanted().isEmpty() && held.isEmpty() && leaving.isEmpty();
  }

  static FleetSnapshot empty() {
    return new FleetSnapshot(DesiredState.none(), new Holdings(), List.of());
  }
}
