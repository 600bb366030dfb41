package dev.slipway.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.browser.Studio.Stage;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Launcher;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people come to do, done by them in a real browser: with scripts, without them, and by keyboard alone. */
@ExtendWith(Studio.class)
class StoriesTest {
  private static final AtomicInteger MODELS = new AtomicInteger();

  private final Stage stage;
  private final String model = "story-" + MODELS.incrementAndGet();
  private RegistryApi registry;

  StoriesTest(Stage stage) {
    this.stage = stage;
  }

  @BeforeEach
  void registerTwoVersionsOfWhichTheFirstIsLive() {
    registry = stage.cluster().registry();
    IrisModels.register(registry, model);
    registry.promote(model, 1);
  }

  @ParameterizedTest
  @EnumSource
  void dataScientistPushesAndAsks(Manner manner, @TempDir Path configuration) {
    registry.needsApprovals(model, 1);
    Launcher.Outcome push = Launcher.run(
        Map.of(
            "SLIPWAY_REGISTRY_URL", registry.url().toString(),
            "SLIPWAY_USER", "alice",
            "XDG_CONFIG_HOME", configuration.toString()),
        "push",
        model,
        ClusterPlan.usual().home().resolve("deploy/demo/iris-v1/model.onnx").toString());
    assertThat(push.out()).as(push.err()).startsWith(model + ":3  sha256:");
    try (Visitor alice = stage.visitor("alice", manner)) {
      alice.follow(model);
      alice.follow("v3");
      alice.sees("model.onnx");
      alice.choose("Move to", "Staging");
      alice.press("Make the request");
      alice.sees("applied");
      alice.follow("v3");
      alice.choose("Move to", "Production");
      alice.write("Why", "tells versicolor from virginica");
      alice.press("Make the request");

      alice.sees("tells versicolor from virginica");
      alice.sees("0 of 1");
      alice.sees("never counts");
      assertThat(alice.button("Approve")).isDisabled();
      String request = alice.page().url().replaceAll(".*/", "");
      alice.follow("Requests");
      alice.follow(request + ": " + model + " v3");
    }
    assertThat(registry.live(model)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void reviewerFindsTheSchemaBreakAndRejects(Manner manner) {
    registry.needsApprovals(model, 1);
    int broken = registry.addVersion(model, FixtureModels.get("multi-io").content());
    awaitInspected(broken);
    long request = asked(broken);
    try (Visitor bob = stage.visitor("bob", manner)) {
      bob.follow("Requests");
      bob.follow(request + ": " + model + " v" + broken);

      Locator schema = bob.page().locator("[data-part=schema]").getByRole(AriaRole.TABLE);
      assertThat(schema).containsText("removed");
      assertThat(schema).containsText("added");
      bob.write("Why not", "its callers send X, and it has no X");
      bob.press("Reject");

      bob.sees("rejected");
      bob.sees("its callers send X, and it has no X");
      assertThat(bob.button("Approve")).hasCount(0);
    }
    assertThat(registry.live(model)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void twoReviewersApproveAtOnce(Manner manner) {
    registry.needsApprovals(model, 2);
    long request = asked(2);
    try (Visitor bob = stage.visitor("bob", manner);
        Visitor carol = stage.visitor("carol", manner)) {
      List.of(bob, carol).forEach(one -> {
        one.at("/requests/" + request).sees("0 of 2");
        one.aim("Approve");
      });
      List.of(bob, carol).forEach(Visitor::fire);

      bob.sees("bob: approve");
      carol.sees("carol: approve");
      bob.watchesUntil("2 of 2");
      bob.watchesUntil("applied");
    }
    awaitLive(2);
  }

  @ParameterizedTest
  @EnumSource
  void ownerPromotesAndWatchesConvergence(Manner manner) {
    registry.needsApprovals(model, 1);
    registry.request(model, 2, "Staging", "alice").expect(201);
    try (Visitor alice = stage.visitor("alice", manner)) {
      alice.at("/models/" + model + "/versions/2");
      alice.choose("Move to", "Production");
      alice.press("Make the request");
      alice.sees("0 of 1");
      String request = alice.page().url().replaceAll(".*/", "");
      registry.decide(Long.parseLong(request), "approve", "bob").expect(200);

      alice.watchesUntil("live on 2 of 2");
      alice.sees("gateway-0");
      alice.sees("gateway-1");
      assertThat(alice.button("Roll back to v1")).isEnabled();
    }
  }

  @ParameterizedTest
  @EnumSource
  void onCallRollsBackInThreeClicksAndFiveSeconds(Manner manner) {
    registry.promote(model, 2);
    try (Visitor oncall = stage.visitor("dave", manner)) {
      oncall.follow(model);
      oncall.write("Why", "sees versicolors everywhere");
      oncall.aim("Roll back to v1");
      long since = System.nanoTime();
      oncall.press("Roll back to v1");
      oncall.sees("v1 live");

      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .until(() -> stage.cluster().serving().infer(model, IrisModels.ROW).version() == 1);
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
      assertThat(oncall.pressed()).isLessThanOrEqualTo(3);
      oncall.sees("sees versicolors everywhere");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStaleTabIsRefusedWithTheFreshView(Manner manner) {
    registry.promote(model, 2);
    try (Visitor rita = stage.visitor("rita", manner)) {
      rita.at("/models/" + model).sees("v2 live");
      // What somebody is typing into is not replaced by a live update.
      rita.write("Why", "sees versicolors everywhere");
      registry.rollback(model, "carol").expect(200);

      Response answer = rita.page()
          .waitForResponse(
              one -> one.request().method().equals("POST"), () -> rita.press("Roll back to v1"));

      assertThat(answer.status()).isEqualTo(409);
      assertThat(rita.alert()).containsText("carol");
      rita.sees("v1 live");
      assertThat(registry.live(model)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void auditorVerifiesTheChain(Manner manner) throws IOException {
    try (Visitor auditor = stage.visitor("audrey", manner)) {
      auditor.follow("Audit");
      auditor.write("Object", "model/" + model);
      auditor.press("Show");
      auditor.sees("model.create");
      auditor.press("Verify the chain");
      auditor.sees("Intact");
      auditor.sees("model.create");

      Path log = auditor.download("Export all of it");

      assertThat(Files.readString(log)).contains("\"model/" + model + "\"");
    }
  }

  @ParameterizedTest
  @EnumSource
  void adminAsksForMoreApprovalsAndIsToldWhatIsNoNumber(Manner manner) {
    try (Visitor root = stage.visitor("root", manner)) {
      root.at("/models/" + model);
      root.follow("policy and settings");
      root.unfold("Change it…");
      root.write("Approvals", "two");
      root.press("Put in force");

      assertThat(root.alert()).containsText("To Production, approvals");
      assertThat(root.field("Approvals")).hasValue("two");
      root.write("Approvals", "2");
      root.press("Put in force");

      root.sees("needs 2 approvals");
    }
  }

  @ParameterizedTest
  @EnumSource
  void dataScientistTriesTheLiveVersion(Manner manner) {
    awaitInspected(1);
    try (Visitor alice = stage.visitor("alice", manner)) {
      alice.at("/models/" + model + "/versions/1");
      alice.press("Ask the gateway");

      alice.sees("answered, HTTP 200");
      alice.sees("version 1 on gateway-");
      alice.sees("probabilities");
      alice.write("Inputs", "{\"rows\": [[1, 2]]}");
      alice.press("Ask the gateway");
      alice.sees("refused, HTTP 4");
    }
  }

  @Test
  void whatOthersDoIsSeenWithoutReloading() {
    registry.needsApprovals(model, 2);
    long request = asked(2);
    try (Visitor carol = stage.visitor("carol", Manner.SCRIPTS);
        Visitor dave = stage.visitor("dave", Manner.SCRIPTS)) {
      carol.at("/requests/" + request).sees("0 of 2");
      dave.at("/models/" + model).sees("v1 live");

      registry.decide(request, "approve", "bob").expect(200);
      carol.sees("1 of 2");
      carol.sees("bob: approve");
      carol.write("Comment", "half a thought");
      registry.decide(request, "approve", "rita").expect(200);

      carol.sees("live on 2 of 2");
      dave.sees("v2 live");
      assertThat(dave.button("Roll back to v1")).isEnabled();
      assertThat(carol.field("Comment")).hasValue("half a thought");
    }
  }

  private long asked(int version) {
    return registry
        .askForProduction(model, version)
        .expect(201)
        .json()
        .path("id")
        .asLong();
  }

  private void awaitInspected(int version) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> registry.getVersion(model, version).json().has("signature"));
  }

  private void awaitLive(int version) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> registry.live(model) == version);
  }
}
