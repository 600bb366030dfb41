package dev.slipway.serving.engine.booster;

import java.util.Set;

/** Which fields of an XGBoost file are read, and as what: both of its forms (JSON and UBJSON) hold the same document. */
final class XgboostFields {
  /** Nesting of objects and arrays; the documents have about eight levels. */
  static final int MAX_DEPTH = 32;

  private static final Set<String> FLOATS = Set.of("split_conditions", "weight_drop");

  /** Only of use for training or explanation, and most of the file. */
  private static final Set<String> SKIPPED =
      Set.of("base_weights", "loss_changes", "sum_hessian", "parents", "leaf_weights");

  private XgboostFields() {}

  static boolean isFloats(String field) {
    return FLOATS.contains(field);
  }

  static boolean isSkipped(String field) {
    return SKIPPED.contains(field);
  }
}
