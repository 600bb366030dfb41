package dev.slipway.registry.web;

import java.util.List;

/**
 * Serving settings to fill in; what is empty is the gateway's default.
 *
 * @param shown whether it stands open
 */
public record SettingsForm(boolean shown, List<Row> numbers, List<Row> switches, List<Text> texts) {

  /**
   * @param label what it is, beside the name that the API gives it
   * @param error what is wrong with it; empty for nothing
   */
  public record Row(String name, String label, String value, String error) {}

  /**
   * What is written as JSON.
   *
   * @param hint what it is when it is empty and what may stand there, with an {@code example} after it
   */
  public record Text(
      String name, String label, String hint, String example, String value, String error) {}
}
