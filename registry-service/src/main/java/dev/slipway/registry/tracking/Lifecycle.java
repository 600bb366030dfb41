package dev.slipway.registry.tracking;

import java.util.Locale;

/** Deleted things stay readable by id, and can be restored. */
public enum Lifecycle {
  ACTIVE,
  DELETED;

  /** The word on the wire and in the database. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Lifecycle of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
