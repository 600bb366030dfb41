package dev.slipway.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.browser.Studio.Stage;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people come to do, done by them in a real browser; each also with scripting off, and the main way by keyboard alone. */
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

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void reviewerFindsTheSchemaBreakAndRejects(boolean scripts) {
    registry.needsApprovals(model, 1);
    int broken = registry.addVersion(model, FixtureModels.get("multi-io").content());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> registry.getVersion(model, broken).json().has("signature"));
    long request = asked(broken);
    try (Visitor bob = stage.visitor("bob", scripts)) {
      bob.clickLink("Requests");
      bob.clickLink(request + ": " + model + " v" + broken);

      Locator schema = bob.page().locator("[data-part=schema]").getByRole(AriaRole.TABLE);
      assertThat(schema).containsText("removed");
      assertThat(schema).containsText("added");
      bob.page().getByLabel("Why not").fill("its callers send X, and it has no X");
      bob.clickButton("Reject");

      bob.sees("rejected");
      bob.sees("its callers send X, and it has no X");
      assertThat(bob.button("Approve")).hasCount(0);
    }
    assertThat(registry.live(model)).isEqualTo(1);
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void twoReviewersApproveAtOnce(boolean scripts) {
    registry.needsApprovals(model, 2);
    long request = asked(2);
    try (Visitor bob = stage.visitor("bob", scripts);
        Visitor carol = stage.visitor("carol", scripts)) {
      List.of(bob, carol).forEach(one -> {
        one.at("/requests/" + request);
        one.sees("0 of 2");
      });
      List.of(bob, carol).forEach(one -> one.button("Approve").focus());
      // A key press, unlike a click, does not wait for what comes of it.
      List.of(bob, carol).forEach(one -> one.page().keyboard().press("Enter"));

      bob.sees("bob: approve");
      carol.sees("carol: approve");
      awaitLive(2);
      bob.at("/requests/" + request).sees("2 of 2");
      bob.sees("applied");
    }
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void ownerPromotesAndSeesConvergence(boolean scripts) {
    registry.needsApprovals(model, 1);
    try (Visitor alice = stage.visitor("alice", scripts)) {
      alice.at("/models/" + model + "/versions/2");
      alice.page().getByLabel("Move to").selectOption("Staging");
      alice.clickButton("Make the request");
      alice.sees("applied");
      alice.at("/models/" + model + "/versions/2");
      alice.page().getByLabel("Move to").selectOption("Production");
      alice.page().getByLabel("Why").fill("tells versicolor from virginica");
      alice.clickButton("Make the request");
      assertThat(alice.button("Approve")).isDisabled();
      alice.sees("never counts");
      String request = alice.page().url().replaceAll(".*/", "");
      // Live is not yet converged: the page is to be looked at once every gateway has said so.
      registry.awaitRelease(
          registry.decide(Long.parseLong(request), "approve", "bob").expect(200).json());

      alice.at("/requests/" + request);
      alice.sees("live on 2 of 2");
      alice.sees("gateway-0");
      alice.sees("gateway-1");
      assertThat(alice.button("Roll back to v1")).isEnabled();
    }
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void onCallRollsBackInThreeClicksAndFiveSeconds(boolean scripts) {
    registry.promote(model, 2);
    try (Visitor oncall = stage.visitor("dave", scripts)) {
      oncall.clicks();
      oncall.clickLink(model);
      oncall.page().getByLabel("Why").first().fill("sees versicolors everywhere");
      long since = System.nanoTime();
      oncall.clickButton("Roll back to v1");
      oncall.sees("v1 live");

      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .until(() -> stage.cluster().serving().infer(model, IrisModels.ROW).version() == 1);
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
      assertThat(oncall.clicks()).isLessThanOrEqualTo(3);
      oncall.sees("sees versicolors everywhere");
    }
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void aStaleTabIsRefusedWithTheFreshView(boolean scripts) {
    registry.promote(model, 2);
    try (Visitor rita = stage.visitor("rita", scripts)) {
      rita.at("/models/" + model).sees("v2 live");
      // What somebody is typing into is not replaced by a live update.
      rita.page().getByLabel("Why").first().fill("sees versicolors everywhere");
      registry.rollback(model, "carol").expect(200);

      Response answer = rita.page()
          .waitForResponse(
              one -> one.request().method().equals("POST"),
              () -> rita.clickButton("Roll back to v1"));

      assertThat(answer.status()).isEqualTo(409);
      assertThat(rita.page().getByRole(AriaRole.ALERT)).containsText("carol");
      rita.sees("v1 live");
      assertThat(registry.live(model)).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void adminAsksForMoreApprovalsAndIsToldWhatIsNoNumber(boolean scripts) {
    try (Visitor root = stage.visitor("root", scripts)) {
      root.at("/models/" + model);
      root.clickLink("policy and settings");
      root.page().getByText("Change it…").click();
      root.page().getByLabel("Approvals").first().fill("two");
      root.clickButton("Put in force");

      assertThat(root.page().getByRole(AriaRole.ALERT)).containsText("To Production, approvals");
      assertThat(root.page().getByLabel("Approvals").first()).hasValue("two");
      root.page().getByLabel("Approvals").first().fill("2");
      root.clickButton("Put in force");

      root.sees("needs 2 approvals");
    }
  }

  @Test
  void whatOthersDoIsSeenWithoutReloading() {
    registry.needsApprovals(model, 2);
    long request = asked(2);
    try (Visitor carol = stage.visitor("carol", true);
        Visitor dave = stage.visitor("dave", true)) {
      carol.at("/requests/" + request).sees("0 of 2");
      dave.at("/models/" + model).sees("v1 live");

      registry.decide(request, "approve", "bob").expect(200);
      carol.sees("1 of 2");
      carol.sees("bob: approve");
      carol.page().getByLabel("Comment").fill("half a thought");
      registry.decide(request, "approve", "rita").expect(200);

      carol.sees("live on 2 of 2");
      dave.sees("v2 live");
      assertThat(dave.button("Roll back to v1")).isEnabled();
      assertThat(carol.page().getByLabel("Comment")).hasValue("half a thought");
    }
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void dataScientistTriesTheLiveVersion(boolean scripts) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> registry.getVersion(model, 1).json().has("signature"));
    try (Visitor alice = stage.visitor("alice", scripts)) {
      alice.at("/models/" + model + "/versions/1");
      alice.clickButton("Ask the gateway");

      alice.sees("answered, HTTP 200");
      alice.sees("version 1 on gateway-");
      alice.sees("probabilities");
      alice.page().getByLabel("Inputs").fill("{\"rows\": [[1, 2]]}");
      alice.clickButton("Ask the gateway");
      alice.sees("refused, HTTP 4");
    }
  }

  @ParameterizedTest(name = "scripts: {0}")
  @ValueSource(booleans = {true, false})
  void auditorFiltersVerifiesAndExports(boolean scripts) throws IOException {
    try (Visitor auditor = stage.visitor("audrey", scripts)) {
      auditor.clickLink("Audit");
      auditor.page().getByLabel("Object").fill("model/" + model);
      auditor.clickButton("Show");
      auditor.sees("model.create");
      auditor.clickButton("Verify the chain");
      auditor.sees("Intact");
      auditor.sees("model.create");

      Path log = auditor
          .page()
          .waitForDownload(() -> auditor.clickLink("Export all of it"))
          .path();

      assertThat(Files.readString(log)).contains("\"model/" + model + "\"");
    }
  }

  @Test
  void reviewAndRollbackByKeyboardAlone() {
    registry.needsApprovals(model, 1);
    long request = asked(2);
    try (Visitor carol = stage.visitor("carol", true)) {
      carol.at("/");
      carol.enterOn(carol.link("Requests"));
      carol.enterOn(carol.link(request + ": " + model + " v2"));
      carol.tabTo(carol.page().getByLabel("Remark"));
      carol.page().keyboard().type("looks right");
      carol.enterOn(carol.button("Approve"));
      carol.sees("looks right");
      awaitLive(2);
      carol.at("/models/" + model);
      carol.tabTo(carol.page().getByLabel("Why"));
      carol.page().keyboard().type("worse at night");
      carol.enterOn(carol.button("Roll back to v1"));
      carol.sees("v1 live");
      carol.sees("worse at night");
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

  private void awaitLive(int version) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> registry.live(model) == version);
  }
}
