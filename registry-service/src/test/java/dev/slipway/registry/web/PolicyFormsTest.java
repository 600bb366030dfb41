package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Policy and settings of a model, changed by people with a browser. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PolicyFormsTest {
  private static final String TWO =
      "{\"mode\": \"reviewed\", \"moves\": {\"Production\": {\"approvals\": 2, \"checks\": [\"golden\"]}}}";

  @Inject
  Scene scene;

  @Test
  void anAdminGivesAModelItsPolicyAndTakesItAway() {
    scene.model("form-policy", 0);
    Browser root = Browser.as("root");
    String page = root.get("/models/form-policy/policy").asString();
    assertThat(page).contains("the server", "Give the model a policy of its own", "1 approval");

    root.post("/models/form-policy/policy", Map.of("seen", seen(page), "rules", TWO))
        .then()
        .statusCode(303);

    Scene.get("/models/form-policy/policy")
        .body("scope", is("model"))
        .body("created_by", is("root"))
        .body("moves.Production.approvals", is(2));
    root.get("/models/form-policy/policy")
        .then()
        .body(containsString("needs 2 approvals and green golden"))
        .body(containsString("the model has a policy of its own"));
    root.get("/models/form-policy").then().body(containsString("2 approvals and green golden"));
    root.post("/models/form-policy/policy/withdraw", Map.of()).then().statusCode(303);
    root.get("/models/form-policy/policy").then().body(containsString("taken away"));
    Scene.get("/models/form-policy/policy").body("scope", is("server"));
  }

  @Test
  void aFormThatIsOutOfDateShowsWhoWasFasterAndKeepsWhatWasTyped() {
    scene.model("form-stale", 0);
    put("root", "/models/form-stale/policy", reviewed(0, 1, 0)).then().statusCode(200);
    Browser root = Browser.as("root");
    String page = root.get("/models/form-stale/policy").asString();
    put("root", "/models/form-stale/policy", reviewed(0, 3, 0)).then().statusCode(200);

    root.post("/models/form-stale/policy", Map.of("seen", seen(page), "rules", TWO))
        .then()
        .statusCode(409)
        .body(containsString("made by root"))
        .body(containsString("needs 3 approvals"))
        .body(containsString("&quot;golden&quot;"));
    Scene.get("/models/form-stale/policy").body("moves.Production.approvals", is(3));
  }

  @Test
  void aMisspeltRuleIsNamedAndNothingIsChanged() {
    scene.model("form-misspelt", 0);
    Browser root = Browser.as("root");
    String page = root.get("/models/form-misspelt/policy").asString();

    root.post(
            "/models/form-misspelt/policy",
            Map.of("seen", seen(page), "rules", "{\"mode\": \"reviewed\", \"mooves\": {}}"))
        .then()
        .statusCode(400)
        .body(allOf(containsString("mooves"), containsString("That cannot be understood")));
    Scene.get("/models/form-misspelt/policy").body("scope", is("server"));
  }

  @Test
  void whoMayNotChangeThePolicyReadsItAndIsToldWhy() {
    scene.model("form-alice", 0);
    Browser alice = Browser.as("alice");
    alice
        .get("/models/form-alice/policy")
        .then()
        .statusCode(200)
        .body(containsString("only an admin changes a policy"))
        .body(not(containsString("name=\"rules\"")));
    alice
        .post("/models/form-alice/policy", Map.of("seen", "1", "rules", TWO))
        .then()
        .statusCode(403);
  }

  @Test
  void settingsAreChangedByNameAndASecondTabIsToldSo() {
    scene.model("form-settings", 0);
    Browser alice = Browser.as("alice");
    alice.get("/models/form-settings/policy").then().body(containsString("nothing is set"));

    alice
        .post(
            "/models/form-settings/settings",
            Map.of("seen", "0", "settings", "{\"deadline_ms\": 250}"))
        .then()
        .statusCode(303);

    Scene.get("/models/form-settings/settings").body("deadline_ms", is(250));
    alice
        .post(
            "/models/form-settings/settings",
            Map.of("seen", "0", "settings", "{\"deadline_ms\": 99}"))
        .then()
        .statusCode(409)
        .body(containsString("deadline ms"))
        .body(containsString("250"));
    alice
        .post(
            "/models/form-settings/settings",
            Map.of("seen", "1", "settings", "{\"dead_line\": 99}"))
        .then()
        .statusCode(400)
        .body(containsString("dead_line"));
  }

  private static String seen(String page) {
    return page.replaceFirst(
        "(?s).*name=\"seen\" value=\"(\\d+)\">\\s*<label for=\"rules\".*", "$1");
  }
}
