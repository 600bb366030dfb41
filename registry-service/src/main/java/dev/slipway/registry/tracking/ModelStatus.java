package dev.slipway.registry.tracking;

/** The states of a logged model; MLflow's numbers are 0 to 3 in this order. */
public enum ModelStatus {
  UNSPECIFIED,
  PENDING,
  READY,
  FAILED
}
