package dev.slipway.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** Somebody at a browser: finds things by the names that people and screen readers find them by, and counts the clicks. */
final class Visitor implements AutoCloseable {
  private static final int TABS = 80;

  private final BrowserContext context;
  private final Page page;
  private int clicks;

  Visitor(BrowserContext context, String name) {
    this.context = context;
    this.page = context.newPage();
    page.navigate("/sign-in");
    page.getByLabel("Name").fill(name);
    button("Sign in").click();
    assertThat(page.getByRole(AriaRole.BANNER)).containsText("Signed in as " + name);
  }

  Page page() {
    return page;
  }

  Visitor at(String address) {
    page.navigate(address);
    return this;
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator link(String name) {
    return page.getByRole(
            AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true))
        .first();
  }

  void clickLink(String name) {
    clicks++;
    link(name).click();
  }

  void clickButton(String name) {
    clicks++;
    button(name).first().click();
  }

  /** Clicks since this was last asked. */
  int clicks() {
    int counted = clicks;
    clicks = 0;
    return counted;
  }

  void sees(String text) {
    assertThat(page.getByRole(AriaRole.MAIN)).containsText(text);
  }

  /** Presses Tab until the focus is on the thing of that role and name, and checks that the focus can be seen there. */
  void tabTo(Locator wanted) {
    Locator target = wanted.first();
    target.waitFor();
    for (int pressed = 0; pressed < TABS; pressed++) {
      page.keyboard().press("Tab");
      if (Boolean.TRUE.equals(target.evaluate("it => it === document.activeElement"))) {
        org.assertj.core.api.Assertions.assertThat(
                target.evaluate("it => getComputedStyle(it).outlineStyle"))
            .as("outline of the focused element")
            .isNotEqualTo("none");
        return;
      }
    }
    throw new AssertionError("not reached by " + TABS + " tabs: " + wanted);
  }

  /** Reaches it by Tab, and presses Enter on it. */
  void enterOn(Locator wanted) {
    tabTo(wanted);
    page.keyboard().press("Enter");
  }

  @Override
  public void close() {
    context.close();
  }
}
