package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.promote;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class FormsTest {
  @Inject
  Scene scene;

  @Test
  void reviewAndRollbackNeedNoScript() {
    scene.model("story", 2);
    promote("story", 1);
    Browser alice = Browser.as("alice");
    alice.get("/models/story/versions/2").then().body(containsString("Signed in as"));
    Response staged = askFor(alice, "Staging");
    assertThat(alice.get(path(staged)).asString()).contains("applied");
    String request = path(askFor(alice, "Production"));

    alice
        .get(request)
        .then()
        .body(containsString("0 of 1 valid"))
        .body(containsString("replacing"))
        .body(containsString("disabled aria-describedby=\"no-approve\""))
        .body(containsString("never counts"));
    alice
        .post(request + "/approve", Map.of())
        .then()
        .statusCode(403)
        .body(containsString("never counts"));
    alice
        .post(request + "/comments", Map.of("comment", "it is <better>"))
        .then()
        .statusCode(303);

    Browser bob = Browser.as("bob");
    bob.get(request)
        .then()
        .body(containsString("it is &lt;better&gt;"))
        .body(not(containsString("id=\"no-approve\"")))
        .body(containsString("id=\"no-withdraw\""));
    bob.post(request + "/approve", Map.of("comment", "looks right")).then().statusCode(303);
    Scene.awaitSettled(Long.parseLong(request.substring(request.lastIndexOf('/') + 1)), "applied");
    bob.get(request)
        .then()
        .body(containsString("looks right"))
        .body(containsString("Roll back to v1"));
    assertThat(scene.live("story")).isEqualTo(2);

    bob.post("/models/story/rollback", Map.of("from", 2, "to", 1, "reason", "worse at night"))
        .then()
        .statusCode(303)
        .header("Location", endsWith("/models/story#history"));
    assertThat(scene.live("story")).isEqualTo(1);
    bob.get("/models/story").then().body(containsString("worse at night"));
    bob.get(request)
        .then()
        .body(containsString(": no longer live<"))
        .body(containsString("version 1 is live now"));
  }

  private static Response askFor(Browser browser, String to) {
    return browser.post("/models/story/versions/2/requests", Map.of("to", to, "comment", "better"));
  }

  private static String path(Response seeOther) {
    seeOther.then().statusCode(303);
    return java.net.URI.create(seeOther.header("Location")).getPath();
  }

  @Test
  void staleTabIsToldWhoWasFasterAndSeesTheFreshState() {
    scene.model("stale", 2);
    promote("stale", 1);
    promote("stale", 2);
    Browser rita = Browser.as("rita");
    rita.get("/models/stale").then().body(containsString("v2 live"));
    Scene.rollBack("carol", "stale").then().statusCode(200);

    rita.post("/models/stale/rollback", Map.of("from", 2, "to", 1))
        .then()
        .statusCode(409)
        .contentType("text/html")
        .body(containsString("carol"))
        .body(containsString("v1 live"));
  }

  @Test
  void decidedRequestAnswersALateVoteWithItsState() {
    scene.model("late-vote", 1);
    ask("late-vote", 1, "Staging");
    long request = ask("late-vote", 1, "Production");
    Browser carol = Browser.as("carol");
    carol.get("/requests/" + request).then().body(containsString("Decide"));
    Browser bob = Browser.as("bob");
    bob.get("/requests/" + request);
    bob.post("/requests/" + request + "/reject", Map.of("comment", "drops a column"))
        .then()
        .statusCode(303);
    carol
        .post("/requests/" + request + "/approve", Map.of())
        .then()
        .statusCode(409)
        .body(containsString("rejected"))
        .body(containsString("drops a column"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/sign-in",
        "/sign-out",
        "/models/forged/rollback",
        "/models/forged/versions/1/requests",
        "/requests/ID/approve",
        "/requests/ID/reject",
        "/requests/ID/withdraw",
        "/requests/ID/comments"
      })
  void formOfAnotherSiteIsRefused(String form) {
    if (given().get("/api/v1/models/forged").statusCode() == 404) {
      scene.model("forged", 1);
      ask("forged", 1, "Staging");
      ask("forged", 1, "Production");
    }
    String path = form.replace("ID", String.valueOf(openRequest()));
    Browser root = Browser.as("root");
    root.get("/");
    var fields = Map.of(
        "comment", "forged",
        "to", form.endsWith("/rollback") ? "1" : "Archived",
        "name", "mallory");
    List<Response> answers = List.of(
        // What an elder browser sends for a form on another site: cookies at most, never the token.
        root.request().formParams(fields).post(path),
        root.request()
            .formParam("form_token", "0".repeat(64))
            .formParams(fields)
            .post(path),
        root.request()
            .header("Origin", "https://evil.example")
            .formParam("form_token", root.token())
            .formParams(fields)
            .post(path),
        root.request()
            .header("Sec-Fetch-Site", "cross-site")
            .formParam("form_token", root.token())
            .formParams(fields)
            .post(path));
    for (Response answer : answers) {
      answer.then().statusCode(403).body(containsString("did not come from this site"));
      assertThat(answer.getCookies()).doesNotContainKey("slipway-user");
    }
    Scene.get("/requests/" + openRequest())
        .body("state", is("open"))
        .body("comments.size()", is(0));
  }

  private static int openRequest() {
    return Scene.get("/models/forged/requests?state=open").extract().path("requests[0].id");
  }

  @Test
  void signInCookieIsWorthNothingToTheApi() {
    Browser bob = Browser.as("bob");
    bob.get("/").then().body(containsString("<strong>bob</strong>"));
    bob.request().get("/api/v1/me").then().body("name", is("anonymous"));
  }

  @Test
  void signInKeepsTheNameOutOfReachOfScriptsAndLeadsNowhereElse() {
    Browser browser = new Browser();
    browser.get("/sign-in?next=/gateways").then().body(containsString("value=\"/gateways\""));
    browser
        .post("/sign-in", Map.of("name", "Zoë Ω", "next", "//evil.example/"))
        .then()
        .statusCode(303)
        .header("Location", not(containsString("evil")))
        .header("Set-Cookie", containsString("HttpOnly"))
        .header("Set-Cookie", containsString("SameSite=Lax"));
    browser.get("/").then().body(containsString("<strong>Zoë Ω</strong>"));
    browser.post("/sign-out", Map.of()).then().statusCode(303);
    browser.get("/").then().body(not(containsString("Zoë")));
    given().header("X-Slipway-User", "carol").get("/").then().body(containsString("<strong>carol"));
  }

  @Test
  void aCompleteRequestThatWaitsForAPersonIsAppliedByOneAndABypassStandsOut() {
    scene.model("form-by-hand", 2);
    Map<String, Object> rule = Map.of("approvals", 1, "apply", "by_hand");
    Scene.put(
            "root",
            "/models/form-by-hand/policy",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", rule),
                "bypass_roles",
                List.of("releaser")))
        .then()
        .statusCode(200);
    ask("form-by-hand", 1, "Staging");
    long request = ask("form-by-hand", 1, "Production");
    Scene.approve("bob", request).then().statusCode(200);
    Browser bob = Browser.as("bob");
    bob.get("/requests/" + request)
        .then()
        .body(containsString("Apply: move v1 to Production"))
        .body(not(containsString("Bypass the policy")));
    bob.post("/requests/" + request + "/apply", Map.of()).then().statusCode(303);
    Scene.awaitSettled(request, "applied");

    ask("form-by-hand", 2, "Staging");
    long urgent = ask("form-by-hand", 2, "Production");
    Browser rita = Browser.as("rita");
    rita.get("/requests/" + urgent).then().body(containsString("Bypass the policy"));
    rita.post("/requests/" + urgent + "/bypass", Map.of("reason", "fraud is going on"))
        .then()
        .statusCode(303);
    Scene.awaitSettled(urgent, "applied");
    rita.get("/requests/" + urgent)
        .then()
        .body(containsString("Policy bypassed"))
        .body(containsString("fraud is going on"));
  }
}
