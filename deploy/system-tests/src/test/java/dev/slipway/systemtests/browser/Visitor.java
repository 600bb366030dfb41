package dev.slipway.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.LoadState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Somebody at a browser: finds things by the names that people and screen readers find them by, uses them in one {@link Manner}, and counts what
 * was pressed.
 */
final class Visitor implements AutoCloseable {
  private final BrowserContext context;
  private final Page page;
  private final Manner manner;
  private final Hand hand;
  private final AtomicInteger arrivals = new AtomicInteger();
  private int pressed;

  Visitor(BrowserContext context, String name, Manner manner) {
    this.context = context;
    this.manner = manner;
    this.page = context.newPage();
    this.hand = manner.hand(page);
    page.onFrameNavigated(frame -> arrivals.incrementAndGet());
    page.navigate("/sign-in");
    write("Name", name);
    press("Sign in");
    assertThat(page.getByRole(AriaRole.BANNER)).containsText("Signed in as " + name);
    pressed = 0;
    takeTheMouseAway();
  }

  /** What lies under the mouse and has a form is left alone by live updates. */
  private void takeTheMouseAway() {
    page.mouse().move(0, 0);
  }

  Page page() {
    return page;
  }

  /** Types an address, or opens a link that somebody sent. */
  Visitor at(String address) {
    page.navigate(address);
    return this;
  }

  Locator button(String name) {
    return page.getByRole(
            AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true))
        .first();
  }

  Locator field(String label) {
    return page.getByLabel(label).first();
  }

  Locator alert() {
    return page.getByRole(AriaRole.ALERT);
  }

  private Locator link(String name) {
    return page.getByRole(
            AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true))
        .first();
  }

  /** Follows a link, and returns on the page that it leads to. */
  void follow(String link) {
    arrive(link(link));
  }

  /** Presses a button, and returns on the page that it leads to. */
  void press(String button) {
    arrive(button(button));
  }

  private void arrive(Locator by) {
    pressed++;
    int before = arrivals.get();
    hand.press(by);
    page.waitForCondition(() -> arrivals.get() > before);
    page.waitForLoadState(LoadState.DOMCONTENTLOADED);
  }

  /** Goes to a button. */
  void aim(String button) {
    hand.aim(button(button));
  }

  /** Presses what was aimed at, and waits for nothing. */
  void fire() {
    pressed++;
    hand.fire();
  }

  /** Opens what is folded. */
  void unfold(String summary) {
    pressed++;
    hand.press(page.locator("summary").getByText(summary).first());
  }

  void write(String label, String text) {
    hand.write(field(label), text);
  }

  void choose(String label, String option) {
    hand.choose(field(label), option);
  }

  /** What a link downloads. */
  Path download(String link) {
    pressed++;
    return page.waitForDownload(() -> hand.press(link(link))).path();
  }

  /** How often something was pressed since signing in. */
  int pressed() {
    return pressed;
  }

  void sees(String text) {
    assertThat(page.getByRole(AriaRole.MAIN)).containsText(text);
  }

  /** Waits for something to happen; where no script brings it, by looking again. */
  void watchesUntil(String text) {
    takeTheMouseAway();
    if (!manner.scripts()) {
      Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(30)).until(() -> {
        page.reload();
        return page.getByRole(AriaRole.MAIN).textContent().contains(text);
      });
    }
    sees(text);
  }

  @Override
  public void close() {
    context.close();
  }
}
