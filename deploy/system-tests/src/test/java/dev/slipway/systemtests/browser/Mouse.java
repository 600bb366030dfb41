package dev.slipway.systemtests.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;

/** A mouse, and the letters of a keyboard. */
final class Mouse implements Hand {
  private final Page page;

  Mouse(Page page) {
    this.page = page;
  }

  @Override
  public void aim(Locator target) {
    target.focus();
  }

  /** A click would wait for the answer. */
  @Override
  public void fire() {
    page.keyboard().press("Enter");
  }

  @Override
  public void press(Locator target) {
    target.click();
  }

  @Override
  public void write(Locator field, String text) {
    field.fill(text);
  }

  @Override
  public void choose(Locator list, String option) {
    list.selectOption(new SelectOption().setLabel(option));
  }
}
