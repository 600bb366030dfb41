package dev.slipway.registry.web;

import java.util.List;

/**
 * A model's policy and settings, in words and as the text that is edited.
 *
 * @param why whose policy it is
 * @param own whether it is the model's own
 * @param seen the record that the text is of, which a change must still find in force
 * @param text what somebody typed that was refused, else the policy in force
 * @param obstacle why the caller cannot change the policy; empty when it can
 * @param settingsObstacle as {@code obstacle}, of the settings
 */
public record PolicyView(
    String model,
    String href,
    String why,
    boolean own,
    int number,
    String by,
    Moment at,
    List<ModelBoard.Pair> words,
    long seen,
    String text,
    String obstacle,
    List<ModelBoard.Pair> settings,
    long settingsSeen,
    String settingsText,
    String settingsObstacle,
    List<Past> past) {

  /** @param withdrawn whether this record took the policy away */
  public record Past(int number, boolean withdrawn, String line, String by, Moment at) {}
}
