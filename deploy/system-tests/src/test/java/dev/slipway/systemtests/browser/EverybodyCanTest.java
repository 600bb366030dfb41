package dev.slipway.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.slipway.systemtests.browser.Backlot.Scene;
import dev.slipway.systemtests.browser.Studio.Stage;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every page with nothing, with the usual and with far too much on it, light and dark: nothing that axe-core finds against WCAG 2.2 AA, and no
 * sideways scrolling at 320 px. With {@code SLIPWAY_PICTURES=DIR} it also leaves a picture of each there, for a person to look at.
 */
@ExtendWith(Studio.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EverybodyCanTest {
  private static final List<String> WCAG =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
  private static final String PICTURES = System.getenv().getOrDefault("SLIPWAY_PICTURES", "");
  private static final int NARROW = 320;

  private final Stage stage;
  private final List<Scene> scenes = new ArrayList<>();
  private final Map<String, Visitor> visitors = new HashMap<>();

  EverybodyCanTest(Stage stage) {
    this.stage = stage;
  }

  @BeforeAll
  void buildScenes() {
    scenes.addAll(new Backlot(stage.cluster().registry()).build());
  }

  @AfterAll
  void leave() {
    visitors.values().forEach(Visitor::close);
  }

  Stream<Scene> scenes() {
    return scenes.stream();
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void pageIsForEverybody(Scene scene) {
    Visitor visitor = visitor(scene.visitor());
    Page page = visitor.page();
    page.setViewportSize(1200, 900);
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      visitor.at(scene.address());
      picture(page, scene.name() + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
      // What is folded is looked at too.
      page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)");
      assertThat(violations(page))
          .as("%s, %s", scene.address(), scheme)
          .extracting(rule -> rule.getId() + ": " + rule.getHelp() + " "
              + rule.getNodes().getFirst().getHtml())
          .isEmpty();
    }
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    page.setViewportSize(NARROW, 700);
    picture(page, scene.name() + "-narrow");
    assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
        .as("width of %s in a window of %s", scene.address(), NARROW)
        .isLessThanOrEqualTo(NARROW);
  }

  @Test
  void whatIsLookedAtIsThere() {
    Page page = visitor("carol").page();
    page.navigate(address("request-open"));
    PlaywrightAssertions.assertThat(page.locator("s").first()).containsText("bob: approve");
    page.navigate(address("model-half-way"));
    PlaywrightAssertions.assertThat(page.locator("svg.traffic")).isVisible();
  }

  private String address(String scene) {
    return scenes.stream()
        .filter(it -> it.name().equals(scene))
        .findFirst()
        .orElseThrow()
        .address();
  }

  /** Somebody else was faster: the page says so, and shows how things stand. */
  @Test
  void aRefusedFormIsForEverybody() {
    RegistryApi registry = stage.cluster().registry();
    IrisModels.register(registry, "look-late");
    registry.promote("look-late", 1);
    registry.promote("look-late", 2);
    Visitor visitor = visitor("carol");
    Page page = visitor.page();
    visitor.at("/models/look-late");
    visitor.write("Why", "too late");
    registry.rollback("look-late", "bob").expect(200);
    Response answer = page.waitForResponse(
        one -> one.request().method().equals("POST"), () -> visitor.press("Roll back to v1"));

    assertThat(answer.status()).isEqualTo(409);
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      picture(page, "refused-409-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(violations(page)).extracting(Rule::getId).isEmpty();
    }
  }

  @Test
  void whatNotEverybodyCanReadIsFound() {
    Page page = visitor("carol").page();
    page.setContent("<img src=x><p><font color=#cccccc>pale</font></p>");

    assertThat(violations(page)).extracting(Rule::getId).contains("image-alt", "color-contrast");
  }

  private Visitor visitor(String name) {
    return visitors.computeIfAbsent(name, it -> stage.visitor(it, Manner.SCRIPTS));
  }

  private static List<Rule> violations(Page page) {
    return new AxeBuilder(page).withTags(WCAG).analyze().getViolations();
  }

  private static void picture(Page page, String name) {
    if (!PICTURES.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions().setFullPage(true).setPath(Path.of(PICTURES, name + ".png")));
    }
  }
}
