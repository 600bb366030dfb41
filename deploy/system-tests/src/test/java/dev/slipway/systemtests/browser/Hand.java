package dev.slipway.systemtests.browser;

import com.microsoft.playwright.Locator;

/** What people do to a page with. */
sealed interface Hand permits Mouse, Keyboard {

  /** Goes to it, and does no more. */
  void aim(Locator target);

  /** Presses what was aimed at, and does not wait for what comes of it. */
  void fire();

  /** Goes to it and presses it. */
  void press(Locator target);

  /** Writes {@code text} in place of what is there. */
  void write(Locator field, String text);

  /** @param option as it is shown */
  void choose(Locator list, String option);
}
