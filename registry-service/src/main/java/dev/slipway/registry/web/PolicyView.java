package dev.slipway.registry.web;

import java.util.List;

/**
 * A model's policy and settings.
 *
 * @param own whether the policy is the model's own
 * @param whose the page of the policy in force, where it is another's; empty for the model's own
 * @param settingsForm filled in with what somebody typed that was refused, else with the settings in force
 * @param settingsObstacle why the caller cannot change the settings; empty when it can
 */
public record PolicyView(
    String model,
    String href,
    boolean own,
    String whose,
    PolicyCard policy,
    List<ModelBoard.Pair> settings,
    long settingsSeen,
    SettingsForm settingsForm,
    String settingsObstacle) {

  /** Where a change is sent. */
  public String changeHref() {
    return href + "/policy";
  }
}
