package dev.slipway.registry.tracking;

/** Which lifecycle stages a search looks at. The names are MLflow's; its numbers are 1, 2, 3 in this order. */
public enum ViewType {
  ACTIVE_ONLY("active"),
  DELETED_ONLY("deleted"),
  ALL("active", "deleted");

  private final String[] stages;

  ViewType(String... stages) {
    this.stages = stages;
  }

  String[] stages() {
    return stages.clone();
  }
}
