package dev.slipway.registry.tracking;

/** MLflow's run states; its numbers are 1 to 5 in this order. */
public enum RunStatus {
  RUNNING,
  SCHEDULED,
  FINISHED,
  FAILED,
  KILLED
}
