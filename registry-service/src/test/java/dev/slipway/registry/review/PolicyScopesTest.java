package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PolicyScopesTest {
  @Inject
  Scene scene;

  @Test
  void ownPolicyComesBeforeTheGroupsAndTheGroupsBeforeTheServers() {
    scene.model("scoped-a", 0);
    group("scoped", Map.of("name_prefix", "scoped-"), 2).then().statusCode(200);
    group("scoped-longer", Map.of("name_prefix", "scoped-long"), 3).then().statusCode(200);
    scene.model("scoped-longer-b", 0);

    Scene.get("/models/scoped-a/policy")
        .body("scope", is("group"))
        .body("group.name", is("scoped"))
        .body("why", containsString("starts with 'scoped-'"))
        .body("moves.Production.approvals", is(2));
    Scene.get("/models/scoped-longer-b/policy").body("moves.Production.approvals", is(3));
    put("root", "/models/scoped-a/policy", reviewed(0, 4, 0)).then().statusCode(200);
    Scene.get("/models/scoped-a/policy").body("scope", is("model")).body("number", is(1));

    delete("alice", "/models/scoped-a/policy").then().statusCode(403);
    delete("root", "/models/scoped-a/policy").then().statusCode(204);
    delete("root", "/models/scoped-a/policy").then().statusCode(404);
    delete("root", "/policies/groups/scoped").then().statusCode(204);
    Scene.get("/models/scoped-a/policy")
        .body("scope", is("server"))
        .body("why", containsString("server's default"));
    Scene.get("/policies/groups").body("groups.group.name", not(hasItem("scoped")));
    put("root", "/models/scoped-a/policy", reviewed(0, 1, 0)).then().body("number", is(3));
  }

  @Test
  void changedGroupPolicyVoidsApprovalsOfItsModelsAndOfNoOther() {
    group("voided", Map.of("name_prefix", "voided-"), 2).then().statusCode(200);
    scene.model("voided-in", 1);
    scene.model("outside-voided", 1);
    put("root", "/models/outside-voided/policy", reviewed(0, 2, 0)).then().statusCode(200);
    long in = requested("voided-in");
    long out = requested("outside-voided");
    approve("bob", in).then().body("approvals_valid", is(1));
    approve("bob", out).then().body("approvals_valid", is(1));

    group("voided", Map.of("name_prefix", "voided-"), 3).then().body("number", is(2));

    Scene.get("/requests/" + in)
        .body("approvals[0].void", is(true))
        .body("approvals[0].void_reason", containsString("policy"))
        .body("approvals_needed", is(3));
    Scene.get("/requests/" + out).body("approvals_valid", is(1));
    delete("root", "/policies/groups/voided").then().statusCode(204);
    Scene.get("/requests/" + in).body("approvals_valid", is(0)).body("approvals_needed", is(1));
    approve("bob", in).then().statusCode(200);
    Scene.awaitSettled(in, "applied");
  }

  @Test
  void aGroupIsByNameOrByTag() {
    for (Map<String, String> both : List.<Map<String, String>>of(
        Map.of(),
        Map.of("name_prefix", "both-", "tag_key", "tier"),
        Map.of("name_prefix", "both-", "tag_key", ""),
        Map.of("name_prefix", "", "tag_key", "tier"),
        Map.of("name_prefix", "both-", "tag_value", "gold"))) {
      group("both", both, 1).then().statusCode(400).body("detail", containsString("name_prefix"));
    }
  }

  @Test
  void tagThatAPolicyGoesByIsAnAdminsAndVoidsWhatWasApprovedBefore() {
    group("gold", Map.of("tag_key", "tier", "tag_value", "gold"), 2).then().statusCode(200);
    scene.model("tiered", 1);
    put("root", "/models/tiered/policy", reviewed(0, 2, 0)).then().statusCode(200);
    delete("root", "/models/tiered/policy").then().statusCode(204);
    tag("anonymous", "tier", "gold").then().statusCode(403);
    tag("alice", "tier", "gold").then().statusCode(403).body("detail", containsString("tier"));
    tag("alice", "colour", "red").then().statusCode(200);
    tag("root", "tier", "gold").then().statusCode(200);
    Scene.get("/models/tiered/policy").body("why", containsString("'tier' = 'gold'"));
    long request = requested("tiered");
    approve("bob", request).then().body("approvals_valid", is(1));

    delete("root", "/models/tiered/tags/tier").then().statusCode(204);
    Scene.get("/models/tiered/policy").body("scope", is("server"));
    tag("root", "tier", "gold").then().statusCode(200);
    Scene.get("/requests/" + request)
        .body("approvals_valid", is(0))
        .body("approvals[0].void_reason", containsString("policy"));
    delete("root", "/policies/groups/gold").then().statusCode(204);
  }

  @Test
  void whatPoliciesAScopeHadIsToldAndAModelsHistoryTellsOfThoseThatHeldForIt() {
    group("told", Map.of("name_prefix", "told-"), 2).then().statusCode(200);
    scene.model("told-a", 0);
    scene.model("told-b", 0);
    put("root", "/models/told-b/policy", reviewed(0, 4, 0)).then().statusCode(200);
    group("told", Map.of("name_prefix", "told-"), 3).then().statusCode(200);
    delete("root", "/policies/groups/told").then().statusCode(204);

    Scene.get("/policies/groups/told/history")
        .body("policies.number", is(List.of(3, 2, 1)))
        .body("policies.withdrawn", is(List.of(true, false, false)))
        .body("policies[1].moves.Production.approvals", is(3))
        .body("policies[1].created_by", is("root"));
    Scene.get("/models/told-b/policy/history").body("policies.number", is(List.of(1)));
    Scene.get("/models/told-a/policy/history").body("policies", is(List.of()));
    Scene.get("/models/told-a/history")
        .body("entries.text", hasItem("root set policy 2 of group told"))
        .body("entries.text", hasItem("root took the policy of group told away"))
        .body("entries.text", not(hasItem("root set policy 1 of group told")));
    Scene.get("/models/told-b/history")
        .body("entries.text", hasItem("root set policy 1 of the model"))
        .body("entries.text", not(hasItem("root set policy 2 of group told")));
  }

  @Test
  void nameThatAnotherPolicyGoesByIsAnAdmins() {
    group("locked", Map.of("name_prefix", "locked-"), 2).then().statusCode(200);
    scene.model("locked-in", 0);
    rename("alice", "locked-in", "escaped").then().statusCode(403);
    rename("alice", "locked-in", "locked-still").then().statusCode(200);
    rename("root", "locked-still", "let-go").then().statusCode(200);
    Scene.get("/models/let-go/policy").body("scope", is("server"));
    delete("root", "/policies/groups/locked").then().statusCode(204);
  }

  static Response rename(String user, String model, String name) {
    return given()
        .header("X-Slipway-User", user)
        .contentType("application/json")
        .body(Map.of("name", name))
        .patch("/api/v1/models/" + model);
  }

  private static Response tag(String user, String key, String value) {
    return put(user, "/models/tiered/tags/" + key, Map.of("value", value));
  }

  @Test
  void groupPolicyIsAnAdminsAndReadStrictly() {
    Map<String, Object> policy = policy(Map.of("name_prefix", "strict-"), 1);
    put("alice", "/policies/groups/strict", policy).then().statusCode(403);
    put("root", "/policies/groups/strict", reviewed(0, 1, 0))
        .then()
        .statusCode(400)
        .body("detail", containsString("name_prefix"));
    group("strict", Map.of("name_prefix", "a", "tag_key", "b"), 1).then().statusCode(400);
    policy.put("rolback_approvals", 1);
    put("root", "/policies/groups/strict", policy)
        .then()
        .statusCode(400)
        .body("detail", containsString("rolback_approvals"));
    given().get("/api/v1/policies/groups/strict").then().statusCode(404);
  }

  @Test
  void whatIsReadCanBeSentBackAsItIs() {
    group("again", Map.of("tag_key", "team", "tag_value", "again"), 2).then().statusCode(200);
    Response read = given().get("/api/v1/policies/groups/again");
    given()
        .header("X-Slipway-User", "root")
        .header("If-Match", read.header("ETag"))
        .contentType("application/json")
        .body(read.asString())
        .put("/api/v1/policies/groups/again")
        .then()
        .statusCode(200)
        .body("number", is(2))
        .body("group.tag_value", is("again"));
    delete("root", "/policies/groups/again").then().statusCode(204);
  }

  static Response group(String name, Map<String, ?> models, int approvals) {
    return put("root", "/policies/groups/" + name, policy(models, approvals));
  }

  private static Map<String, Object> policy(Map<String, ?> models, int approvals) {
    Map<String, Object> policy = new HashMap<>(reviewed(0, approvals, 0));
    policy.put("group", models);
    return policy;
  }

  static Response delete(String user, String path) {
    return given().header("X-Slipway-User", user).delete("/api/v1" + path);
  }

  private static long requested(String model) {
    ask(model, 1, "Staging");
    return ask(model, 1, "Production");
  }
}
