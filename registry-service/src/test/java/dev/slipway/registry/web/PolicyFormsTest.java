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
import java.util.HashMap;
import java.util.List;
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
    assertThat(page)
        .contains("The server&#39;s default", "Give the model a policy of its own", "1 approval");

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
        .body(containsString("The model has a policy of its own."));
    root.get("/models/form-policy").then().body(containsString("2 approvals and green golden"));
    root.post("/models/form-policy/policy/withdraw", Map.of()).then().statusCode(303);
    root.get("/models/form-policy/policy").then().body(containsString("taken away"));
    Scene.get("/models/form-policy/policy").body("scope", is("server"));
  }

  @Test
  void thePolicyIsFilledInFieldByField() {
    scene.model("form-fields", 0);
    Browser root = Browser.as("root");
    String page = root.get("/models/form-fields/policy").asString();

    root.post(
            "/models/form-fields/policy",
            filled(
                seen(page),
                "production.approvals",
                "2",
                "production.roles",
                "releaser",
                "production.checks",
                "loads",
                "production.other",
                "fairness, bias",
                "production.limits",
                "latency: ratio = 1.2\nmetrics: val/auc = 0.01",
                "production.expires",
                "36 hours",
                "production.apply",
                "by_hand",
                "production.code",
                "refused",
                "protected_aliases",
                "champion",
                "bypass_roles",
                "admin"))
        .then()
        .statusCode(303);

    Scene.get("/models/form-fields/policy")
        .body("moves.Production.approvals", is(2))
        .body("moves.Production.roles", is(List.of("releaser")))
        .body(
            "moves.Production.checks.sort()",
            is(List.of("artifact-safety", "bias", "fairness", "loads")))
        .body("moves.Production.thresholds.latency.ratio", is(1.2f))
        .body("moves.Production.thresholds.metrics.'val/auc'", is(0.01f))
        .body("moves.Production.expires_after", is("PT36H"))
        .body("moves.Production.apply", is("by_hand"))
        .body("moves.Production.uploader_may_approve", is(false))
        .body("protected_aliases", is(List.of("champion")))
        .body("bypass_roles", is(List.of("admin")))
        .body("moves.keySet().sort()", is(List.of("Production", "Staging")));
    root.get("/models/form-fields/policy")
        .then()
        .body(allOf(
            containsString("name=\"production.approvals\" value=\"2\""),
            containsString("36 hours"),
            containsString("value=\"bias, fairness\""),
            containsString("latency: ratio = 1.2")));
  }

  @Test
  void eachFieldThatIsNotUnderstoodSaysSoAndKeepsWhatWasTyped() {
    scene.model("form-wrong", 0);
    Browser root = Browser.as("root");
    String page = root.get("/models/form-wrong/policy").asString();

    root.post(
            "/models/form-wrong/policy",
            filled(
                seen(page),
                "production.approvals",
                "many",
                "staging.limits",
                "latency 1.2",
                "archived.expires",
                "whenever"))
        .then()
        .statusCode(400)
        .body(allOf(
            containsString("3 fields need another look"),
            containsString("href=\"#production.approvals\">To Production, approvals: Enter"),
            containsString("value=\"many\""),
            containsString("id=\"staging.limits-error\""),
            containsString("latency 1.2</textarea>"),
            containsString("value=\"whenever\"")));
    Scene.get("/models/form-wrong/policy").body("scope", is("server"));
  }

  @Test
  void aGroupOfModelsIsGivenAPolicyAndTwoTabsDoNotOverwriteEachOther() {
    Browser root = Browser.as("root");
    root.post("/policies/new-group", filled("", "group_name", "a group"))
        .then()
        .statusCode(400)
        .body(
            allOf(containsString("href=\"#group_name\""), containsString("href=\"#name_prefix\"")));
    String fresh = root.get("/policies/new-group").asString();

    root.post(
            "/policies/new-group",
            filled(
                fieldSeen(fresh),
                "group_name",
                "form-group",
                "name_prefix",
                "formgroup-",
                "production.approvals",
                "3"))
        .then()
        .statusCode(303);

    String page = root.get("/policies/groups/form-group").asString();
    assertThat(page).contains("needs 3 approvals", "value=\"formgroup-\"");
    root.get("/policies").then().body(containsString("/policies/groups/form-group"));
    scene.model("formgroup-one", 0);
    root.get("/models/formgroup-one/policy")
        .then()
        .body(containsString("href=\"/policies/groups/form-group\""));
    Map<String, Object> other =
        filled(fieldSeen(page), "name_prefix", "formgroup-", "production.approvals", "4");
    root.post("/policies/groups/form-group", other).then().statusCode(303);
    root.post("/policies/groups/form-group", other)
        .then()
        .statusCode(409)
        .body(containsString("needs 4 approvals"));
    root.post("/policies/groups/form-group/withdraw", Map.of()).then().statusCode(303);
    Scene.get("/models/formgroup-one/policy").body("scope", is("server"));
  }

  @Test
  void theServersPolicyIsShownToAllAndChangedByAdminsOnlyOnWhatTheySaw() {
    Browser alice = Browser.as("alice");
    alice
        .get("/policies")
        .then()
        .statusCode(200)
        .body(containsString("only an admin changes a policy"))
        .body(not(containsString("/policies/new-group")));
    alice.post("/policies", filled("")).then().statusCode(403);
    Browser root = Browser.as("root");
    root.get("/policies").then().body(containsString("action=\"/policies\""));
    root.post("/policies", filled("1000000007"))
        .then()
        .statusCode(409)
        .body(containsString("It is shown below as it is now"));
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

    String settings = "/models/form-settings/settings";
    alice
        .post(settings, Map.of("seen", "0", "deadline_ms", "250", "standby", "false"))
        .then()
        .statusCode(303);

    Scene.get(settings).body("deadline_ms", is(250)).body("standby", is(false));
    alice
        .post(settings, Map.of("seen", "0", "deadline_ms", "99"))
        .then()
        .statusCode(409)
        .body(containsString("deadline ms"))
        .body(containsString("250"));
    alice
        .post(settings, Map.of("seen", "1", "max_queue", "long", "release", "{"))
        .then()
        .statusCode(400)
        .body(allOf(
            containsString("href=\"#max_queue\">max queue: Enter a whole number"),
            containsString("value=\"long\""),
            containsString("id=\"release-error\"")));
    alice
        .post(settings, Map.of("seen", "1", "release", "{\"strateegy\": \"canary\"}"))
        .then()
        .statusCode(400)
        .body(containsString("strateegy"));
  }

  @Test
  void sessionOptionsAreWrittenAsJson() {
    scene.model("form-session", 0);
    Browser alice = Browser.as("alice");
    String settings = "/models/form-session/settings";

    alice
        .post(settings, Map.of("seen", "0", "session", "{\"spinning\": true}"))
        .then()
        .statusCode(303);

    Scene.get(settings).body("session.spinning", is(true));
    alice
        .get("/models/form-session/policy")
        .then()
        .body(containsString("{&quot;spinning&quot;:true}"));
    for (String wrong :
        List.of("{\"graph_optimization\": \"most\"}", "{\"execution_providers\": [\"gpu\"]}")) {
      alice
          .post(settings, Map.of("seen", "1", "session", wrong))
          .then()
          .statusCode(400)
          .body(containsString(wrong.contains("gpu") ? "CUDAExecutionProvider" : "settings"));
    }
  }

  /** What a browser sends of the form: all that stands in it, here with nothing ticked but the mode. */
  private static Map<String, Object> filled(String seen, String... fields) {
    Map<String, Object> form = new HashMap<>(Map.of("seen", seen, "mode", "reviewed"));
    for (int i = 0; i < fields.length; i += 2) {
      form.put(fields[i], fields[i + 1]);
    }
    return form;
  }

  private static String fieldSeen(String page) {
    return page.replaceFirst("(?s).*name=\"seen\" value=\"(\\d+)\">\\s*<.*?name=\"mode\".*", "$1");
  }

  private static String seen(String page) {
    return page.replaceFirst(
        "(?s).*name=\"seen\" value=\"(\\d+)\">\\s*<label for=\"rules\".*", "$1");
  }
}
