package dev.slipway.systemtests.browser;

import com.microsoft.playwright.Page;

/** How somebody uses the pages. Each story is told once, and goes well in each of them. */
enum Manner {
  /** With a mouse, in a browser that runs the pages' script. */
  SCRIPTS(true),
  /** With a mouse, and scripting off: only live updates are missing. */
  NO_SCRIPTS(false),
  /** With the keyboard alone. */
  KEYBOARD(true);

  private final boolean scripts;

  Manner(boolean scripts) {
    this.scripts = scripts;
  }

  boolean scripts() {
    return scripts;
  }

  Hand hand(Page page) {
    return this == KEYBOARD ? new Keyboard(page) : new Mouse(page);
  }
}
