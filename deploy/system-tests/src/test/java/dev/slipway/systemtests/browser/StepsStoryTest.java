package dev.slipway.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.browser.Studio.Stage;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A release in steps that wait for a person, who moves it from the model's page. */
@ExtendWith(Studio.class)
class StepsStoryTest {
  private static final AtomicInteger MODELS = new AtomicInteger();

  private final Stage stage;
  private final String model = "steps-" + MODELS.incrementAndGet();
  private RegistryApi registry;

  StepsStoryTest(Stage stage) {
    this.stage = stage;
  }

  @BeforeEach
  void askForAReleaseInTwoSteps() {
    registry = stage.cluster().registry();
    IrisModels.register(registry, model);
    registry.promote(model, 1);
    registry
        .putSettings(
            model,
            Map.of(
                "release",
                Map.of(
                    "kind",
                    "canary",
                    "steps",
                    List.of(Map.of("percent", 25), Map.of("percent", 50)))))
        .expect(200);
    registry.askForProduction(model, 2).expect(201);
  }

  @ParameterizedTest
  @EnumSource
  void ownerBringsMoreRequestsToAVersionAndTakesThemBack(Manner manner) {
    try (Visitor rita = stage.visitor("rita", manner)) {
      rita.at("/models/" + model).watchesUntil("step 1 of 2");
      rita.press("Advance");
      rita.sees("step 2 of 2");
      rita.write("Why not", "slower at night");
      rita.press("Undo");

      rita.sees("slower at night");
      rita.sees("v1 live");
      assertThat(rita.button("Advance")).hasCount(0);
    }
    assertThat(registry.live(model)).isEqualTo(1);
  }

  @Test
  void whoIsAStepBehindIsToldSo() {
    try (Visitor rita = stage.visitor("rita", Manner.NO_SCRIPTS)) {
      rita.at("/models/" + model).watchesUntil("step 1 of 2");
      long release = registry
          .getModel(model, "/releases")
          .expect(200)
          .json()
          .at("/releases/0/id")
          .asLong();
      registry
          .post("/api/v1/releases/" + release + "/advance", "carol", Map.of())
          .expect(200);

      rita.press("Advance");

      assertThat(rita.alert()).containsText("is at step 2 by now");
      rita.sees("step 2 of 2");
    }
    assertThat(registry.live(model)).isEqualTo(1);
  }
}
