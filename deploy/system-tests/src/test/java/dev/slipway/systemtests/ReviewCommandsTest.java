package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How requests end and versions come back by command, and whose rules decide; the usual way is in {@link TranscriptTest}. */
@ExtendWith(SharedCluster.class)
class ReviewCommandsTest {
  private final RegistryApi registry;
  private final Cluster cluster;

  @TempDir
  private Path folder;

  private Shell shell;

  ReviewCommandsTest(Cluster cluster) {
    this.cluster = cluster;
    this.registry = cluster.registry();
  }

  @BeforeEach
  void callAsAlice() {
    shell = new Shell(cluster, folder);
  }

  @Test
  void aRequestIsTakenBackByWhoeverMadeIt() {
    String request = asked("typed-back", Map.of("approvals", 1), List.of());

    assertThat(shell.run(1, "review", request, "--withdraw", "--as", "bob").err())
        .contains("only alice");
    assertThat(shell.run(0, "review", request, "--withdraw", "-m", "too early").out())
        .contains("withdrawn");
    assertThat(shell.run(0, "requests", "--state", "withdrawn", "-L", "1").out())
        .contains("typed-back:1");
    assertThat(shell.run(2, "review", request, "--approve", "--reject").err())
        .contains("mutually exclusive");
  }

  @Test
  void aCompleteRequestThatWaitsForAPersonIsApplied() {
    String request = asked("typed-by-hand", Map.of("approvals", 1, "apply", "by_hand"), List.of());
    assertThat(shell.run(3, "review", request, "--apply").err()).contains("not complete");
    shell.run(0, "review", request, "--approve", "--as", "bob");
    assertThat(registry.live("typed-by-hand")).isZero();

    shell.run(0, "review", request, "--apply");

    assertThat(shell.run(0, "rollout", "status", "typed-by-hand", "-w").out())
        .contains("live on 1 of 1")
        .containsPattern("gateway-0 +converged");
  }

  @Test
  void aBypassIsForWhomThePolicyNamesAndSaysWhy() {
    String request = asked("typed-past", Map.of("approvals", 1), List.of("releaser"));
    assertThat(shell
            .run(1, "review", request, "--bypass", "-m", "it burns", "--as", "bob")
            .err())
        .contains("releaser");
    assertThat(shell.run(1, "review", request, "--bypass", "--as", "rita").err())
        .contains("reason");

    shell.run(0, "review", request, "--bypass", "-m", "it burns", "--as", "rita");

    assertThat(Json.read(shell.run(0, "review", request, "-o", "json").out())
            .at("/bypass/reason")
            .asText())
        .isEqualTo("it burns");
  }

  @Test
  void aNamedVersionThatWasLiveIsPutBack() {
    IrisModels.register(registry, "typed-undo");
    registry.addVersion("typed-undo", IrisModels.onnx(1));
    for (int version = 1; version <= 3; version++) {
      registry.promote("typed-undo", version);
    }

    assertThat(shell
            .run(0, "rollout", "undo", "typed-undo", "--to", "1", "-m", "3 and 2 are bad")
            .out())
        .contains("rollback of typed-undo to version 1");

    assertThat(registry.live("typed-undo")).isEqualTo(1);
    assertThat(shell.run(0, "rollout", "history", "typed-undo").out()).contains("3 and 2 are bad");
    shell.run(1, "rollout", "undo", "typed-undo", "--to", "9");
    assertThat(shell.run(1, "rollout", "status", "nothing-of-that-name").err())
        .contains("nothing-of-that-name");
  }

  @Test
  void aReleaseInStepsIsAdvancedToItsEnd() {
    IrisModels.register(registry, "typed-steps");
    registry.promote("typed-steps", 1);
    Map<String, ?> steps = Map.of("kind", "canary", "steps", List.of(Map.of("percent", 25)));
    registry.putSettings("typed-steps", Map.of("release", steps)).expect(200);
    registry.askForProduction("typed-steps", 2).expect(201);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> registry
            .getModel("typed-steps", "/releases")
            .expect(200)
            .body()
            .contains("step 1 of 1"));

    shell.run(0, "rollout", "advance", "typed-steps", "--as", "rita");

    assertThat(registry.live("typed-steps")).isEqualTo(2);
    assertThat(shell.run(3, "rollout", "advance", "typed-steps", "--as", "rita").err())
        .contains("only one at a step");
  }

  @Test
  void policiesOfAGroupAndOfTheServerAreShownSetAndRemembered() throws IOException {
    Path rules = Files.writeString(folder.resolve("rules.json"), """
        {"mode": "reviewed", "group": {"name_prefix": "typed-group-"}, "moves": {"Production": {"approvals": 3}}}
        """);

    assertThat(shell
            .piped(rules, 0, "policy", "set", "--group", "typed", "-f", "-", "--as", "root")
            .out())
        .contains("3 approvals");

    registry.createModel("typed-group-a").expect(201);
    assertThat(shell.run(0, "policy", "show", "typed-group-a").out())
        .contains("typed", "to Production: 3 approvals");
    assertThat(shell.run(0, "policy", "history", "--group", "typed").out())
        .contains("root", "3 approvals");
    shell.run(0, "policy", "set", "--group", "typed", "--inherit", "--as", "root");
    assertThat(shell.run(0, "policy", "show", "typed-group-a").out())
        .contains("to Production: 1 approval");
    assertThat(shell.run(0, "policy", "show", "--server").out()).contains("Production");
    shell.run(0, "policy", "history", "--server");
    assertThat(shell
            .run(2, "policy", "set", "--server", "--inherit", "--as", "root")
            .err())
        .contains("nobody to inherit from");
  }

  /** Asks for Production under such a rule; answers the request's number. */
  private String asked(String model, Map<String, ?> rule, List<String> bypass) {
    registry.createModel(model).expect(201);
    registry
        .putPolicy(
            model,
            RegistryApi.body(
                "mode",
                "reviewed",
                "moves",
                Map.of("Staging", Map.of("approvals", 0), "Production", rule),
                "bypass_roles",
                bypass))
        .expect(200);
    registry.addVersion(model, IrisModels.onnx(1));
    return registry.askForProduction(model, 1).expect(201).json().path("id").asText();
  }
}
