package dev.slipway.registry.tracking;

import java.util.List;

/** Some results; {@code nextToken} is null on the last page. */
public record Page<T>(List<T> items, String nextToken) {
  public Page {
    items = List.copyOf(items);
  }
}
