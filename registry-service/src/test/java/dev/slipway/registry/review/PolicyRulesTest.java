package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a policy can ask of a move, each by what people see of it. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PolicyRulesTest {
  @Inject
  Scene scene;

  @Test
  void requestEndsByItselfWhenNobodyDecidesIt() {
    long request =
        requested("expiring", Map.of("approvals", 1, "expires_after", "PT0.3S"), Map.of());
    awaitSettled(request, "expired");
    Scene.get("/requests/" + request).body("state_reason", containsString("nobody decided"));
    approve("bob", request).then().statusCode(409).body("detail", containsString("expired"));
    post("alice", "/models/expiring/requests", Map.of("version", 1, "to", "Production"))
        .then()
        .statusCode(201)
        .body("expires_at", notNullValue());
    Scene.get("/audit?object=model/expiring/request/" + request)
        .body("entries.action", hasItem("request.expire"));
  }

  @Test
  void policyThatRefusesCodeRequiresTheCheckOfTheFilesAndCannotSayTheOpposite() {
    scene.model("codeless", 1);
    put("root", "/models/codeless/policy", production(Map.of("code_bearing", "refused")))
        .then()
        .statusCode(200)
        .body("moves.Production.checks", is(List.of("artifact-safety")))
        .body("moves.Production.thresholds.'artifact-safety'.code_files", is(0.0f));
    put("root", "/models/codeless/policy", production(Map.of("code_bearing", "allowed")))
        .then()
        .statusCode(200)
        .body("moves.Production.checks", is(List.of()));
    put("root", "/models/codeless/policy", production(Map.of("code_bearing", "sometimes")))
        .then()
        .statusCode(400);
    put(
            "root",
            "/models/codeless/policy",
            production(Map.of(
                "code_bearing",
                "refused",
                "thresholds",
                Map.of("artifact-safety", Map.of("code_files", 2)))))
        .then()
        .statusCode(400)
        .body("detail", containsString("say it once"));
  }

  private static Map<String, Object> production(Map<String, Object> rule) {
    return Map.of("mode", "reviewed", "moves", Map.of("Production", rule));
  }

  @Test
  void approvalComesTooLateAlthoughNobodyHasLookedYet() throws Exception {
    long request = requested("late", Map.of("approvals", 1, "expires_after", "PT0.05S"), Map.of());
    org.awaitility.Awaitility.await().pollDelay(java.time.Duration.ofMillis(60)).until(() -> true);
    approve("bob", request).then().statusCode(409).body("detail", containsString("expired"));
    assertThat(scene.live("late")).isNull();
  }

  @Test
  void shorterExpiryHoldsForRequestsThatAreOpenAlready() {
    long request = requested("shortened", Map.of("approvals", 1), Map.of());
    policy("shortened", Map.of("approvals", 1, "expires_after", "PT0.05S"), Map.of());
    awaitSettled(request, "expired");
  }

  @Test
  void uploaderMayNotApproveWhereThePolicySaysSo() {
    scene.model("uploaded", 1);
    put("root", "/principals/alice", Map.of("roles", List.of("author", "reviewer")));
    policy("uploaded", Map.of("approvals", 1, "uploader_may_approve", false), Map.of());
    long request = asked("carol", "uploaded");
    approve("alice", request)
        .then()
        .statusCode(403)
        .body("detail", containsString("you made this version"));
    policy("uploaded", Map.of("approvals", 1), Map.of());
    approve("alice", request).then().statusCode(200);
    awaitSettled(request, "applied");
    put("root", "/principals/alice", Map.of("roles", List.of("author")));
  }

  @Test
  void onlyTheRolesThatThePolicyNamesReportChecks() {
    long request = requested(
        "reported",
        Map.of("approvals", 0, "checks", List.of("ci"), "reporters", List.of("releaser")),
        Map.of());
    Map<String, String> green = Map.of("name", "ci", "verdict", "green");
    post("bob", "/requests/" + request + "/checks", green)
        .then()
        .statusCode(403)
        .body("detail", containsString("releaser"));
    post("rita", "/requests/" + request + "/checks", green).then().statusCode(200);
    awaitSettled(request, "applied");
    Scene.get("/models/reported/history")
        .body("entries.find { it.kind == 'check' }.text", containsString("ci: green"));
  }

  @Test
  void completeRequestWaitsForAPersonWhereThePolicySaysSo() {
    long request = requested("by-hand", Map.of("approvals", 1, "apply", "by_hand"), Map.of());
    post("alice", "/requests/" + request + "/apply", Map.of())
        .then()
        .statusCode(409)
        .body("detail", containsString("0 of 1 approvals"));
    approve("bob", request)
        .then()
        .statusCode(200)
        .body("state", is("open"))
        .body("complete", is(true));
    assertThat(scene.live("by-hand")).isNull();
    post("mallory", "/requests/" + request + "/apply", Map.of()).then().statusCode(403);
    post("alice", "/requests/" + request + "/apply", Map.of()).then().statusCode(200);
    awaitSettled(request, "applied");
    assertThat(scene.live("by-hand")).isEqualTo(1);
  }

  @Test
  void bypassIsForTheNamedRoleNeedsAReasonAndStaysVisible() {
    long request = requested(
        "bypassed",
        Map.of("approvals", 2, "checks", List.of("ci")),
        Map.of("bypass_roles", List.of("releaser")));
    Map<String, String> why = Map.of("reason", "the old one leaks");
    post("bob", "/requests/" + request + "/bypass", why).then().statusCode(403);
    post("anonymous", "/requests/" + request + "/bypass", why).then().statusCode(403);
    post("rita", "/requests/" + request + "/bypass", Map.of("reason", " "))
        .then()
        .statusCode(400);
    post("rita", "/requests/" + request + "/bypass", why).then().statusCode(200);
    awaitSettled(request, "applied");
    assertThat(scene.live("bypassed")).isEqualTo(1);
    Scene.get("/requests/" + request)
        .body("bypass.by", is("rita"))
        .body("bypass.reason", is("the old one leaks"))
        .body("approvals_valid", is(0));
    Scene.get("/models/bypassed/history")
        .body("entries.find { it.kind == 'bypass' }.actor", is("rita"))
        .body("entries.find { it.kind == 'bypass' }.text", containsString("BYPASSED"))
        .body("entries.kind", hasItem("policy"));
    Scene.get("/audit?object=model/bypassed/request/" + request)
        .body(
            "entries.find { it.action == 'request.bypass' }.after.missing",
            containsString("0 of 2"));
  }

  @Test
  void withoutABypassRoleNobodyBypasses() {
    long request = requested("unbypassed", Map.of("approvals", 1), Map.of());
    post("root", "/requests/" + request + "/bypass", Map.of("reason", "hurry"))
        .then()
        .statusCode(403)
        .body("detail", containsString("no bypass"));
    Scene.get("/requests/" + request).body("state", is("open"));
  }

  private long requested(String model, Map<String, ?> production, Map<String, ?> rules) {
    scene.model(model, 1);
    policy(model, production, rules);
    return asked("alice", model);
  }

  private static long asked(String user, String model) {
    ask(model, 1, "Staging");
    return post(user, "/models/" + model + "/requests", Map.of("version", 1, "to", "Production"))
        .then()
        .statusCode(201)
        .extract()
        .jsonPath()
        .getLong("id");
  }

  private static void policy(String model, Map<String, ?> production, Map<String, ?> rules) {
    Map<String, Object> policy = new HashMap<>(rules);
    policy.put("mode", "reviewed");
    policy.put("moves", Map.of("Production", production));
    put("root", "/models/" + model + "/policy", policy).then().statusCode(200);
  }
}
