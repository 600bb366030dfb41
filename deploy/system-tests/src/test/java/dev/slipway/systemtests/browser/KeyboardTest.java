package dev.slipway.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.slipway.systemtests.browser.Studio.Stage;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only those notice who have no mouse; what they come to do is in {@link StoriesTest}. */
@ExtendWith(Studio.class)
class KeyboardTest {
  private final Stage stage;

  KeyboardTest(Stage stage) {
    this.stage = stage;
  }

  @Test
  void theNavigationIsSkippedWithTwoKeys() {
    try (Visitor dave = stage.visitor("dave", Manner.KEYBOARD)) {
      Page page = dave.at("/audit").page();
      page.keyboard().press("Tab");
      page.keyboard().press("Enter");
      page.keyboard().press("Tab");

      assertThat(dave.field("Object")).isFocused();
    }
  }

  @Test
  void theFocusStaysWhereItIsWhenSomebodyChangesWhatIsAroundIt() {
    RegistryApi registry = stage.cluster().registry();
    String model = "focus-stays";
    IrisModels.register(registry, model);
    registry.promote(model, 1);
    try (Visitor dave = stage.visitor("dave", Manner.KEYBOARD)) {
      Page page = dave.at("/models/" + model).page();
      Locator board = page.locator("[data-part=versions]");
      Locator second = board.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("v2"));
      new Keyboard(page).aim(second);

      registry.promote(model, 2);

      assertThat(board).containsText("standby");
      assertThat(second).isFocused();
      page.keyboard().press("Enter");
      assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Version 2")))
          .isVisible();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<button style='outline: none'>Go</button>",
        "<button style='position: absolute; left: -999px'>Go</button>",
        "<button style='opacity: 0'>Go</button>",
        "<p style='position: relative'><button>Go</button><span style='position: absolute; inset: 0; background: #fff'>banner</span></p>"
      })
  void aFocusThatNobodyCanSeeIsFound(String html) {
    try (Page page = stage.browser().newPage()) {
      page.setContent(
          "<style>:focus-visible { outline: 3px solid blue }</style><button>First</button>" + html);
      Keyboard keyboard = new Keyboard(page);
      keyboard.aim(page.getByText("First"));

      assertThatThrownBy(() -> keyboard.aim(page.getByText("Go")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Go</button>");
    }
  }
}
