package dev.slipway.registry.web;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a page says above everything else: that something was refused, and why.
 *
 * @param places of the page where it can be put right
 */
public record Notice(String title, String text, List<Place> places) {

  /** @param id of the field */
  public record Place(String id, String text) {}

  Notice(String title, String text) {
    this(title, text, List.of());
  }

  /**
   * @param errors by the ids of fields
   * @param label what people call a field
   */
  Notice at(Map<String, String> errors, UnaryOperator<String> label) {
    return new Notice(
        title,
        text,
        errors.entrySet().stream()
            .map(it -> new Place(it.getKey(), label.apply(it.getKey()) + ": " + it.getValue()))
            .toList());
  }
}
