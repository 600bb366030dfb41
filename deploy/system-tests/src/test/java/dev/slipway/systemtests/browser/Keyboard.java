package dev.slipway.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;

/**
 * Tab and Shift+Tab, arrows, Enter, Space and letters, and nothing else. At every stop on the way it is checked that the focus can be seen: the
 * thing is in the window, nothing lies over it, and it has an outline.
 */
final class Keyboard implements Hand {
  private static final int STOPS = 200;

  /** Where the focus is, as seen from the thing that is wanted. */
  private static final String LOOK = """
      target => {
        const at = document.activeElement;
        if (!at || at === document.body) return { there: false, back: false, trouble: '' };
        const found = {
          there: at === target,
          back: Boolean(at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING),
          trouble: ''
        };
        const style = getComputedStyle(at);
        const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
        const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
        const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
        const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) found.trouble = 'has no outline';
        else if (right - left < 1 || bottom - top < 1 || !at.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
          found.trouble = 'is not in the window';
        else if (!over || !(at.contains(over) || over.contains(at))) found.trouble = 'is covered by ' + over?.outerHTML;
        if (found.trouble) found.trouble += ': ' + at.outerHTML.slice(0, 300);
        return found;
      }
      """;

  private final Page page;

  Keyboard(Page page) {
    this.page = page;
  }

  @Override
  public void aim(Locator target) {
    target.waitFor();
    Map<?, ?> found = look(target);
    for (int stop = 0; !Boolean.TRUE.equals(found.get("there")); stop++) {
      if (stop == STOPS) {
        throw new AssertionError("not reached with " + STOPS + " tabs: " + target);
      }
      page.keyboard().press(Boolean.TRUE.equals(found.get("back")) ? "Shift+Tab" : "Tab");
      found = look(target);
      assertThat(found.get("trouble")).as("what has the focus").isEqualTo("");
    }
  }

  private static Map<?, ?> look(Locator target) {
    return (Map<?, ?>) target.evaluate(LOOK);
  }

  /** Links and folded things by Enter, and buttons by Space: a button that is none heeds only one of them. */
  @Override
  public void fire() {
    boolean button =
        Boolean.TRUE.equals(page.evaluate("document.activeElement instanceof HTMLButtonElement"));
    page.keyboard().press(button ? "Space" : "Enter");
  }

  @Override
  public void press(Locator target) {
    aim(target);
    fire();
  }

  @Override
  public void write(Locator field, String text) {
    aim(field);
    page.keyboard().press("ControlOrMeta+a");
    page.keyboard().type(text);
  }

  @Override
  public void choose(Locator list, String option) {
    aim(list);
    List<String> options = list.locator("option").allTextContents();
    assertThat(options).contains(option);
    int steps = options.indexOf(option) - (Integer) list.evaluate("it => it.selectedIndex");
    for (int step = 0; step < Math.abs(steps); step++) {
      page.keyboard().press(steps > 0 ? "ArrowDown" : "ArrowUp");
    }
    assertThat(list.evaluate("it => it.selectedOptions[0].text")).isEqualTo(option);
  }
}
