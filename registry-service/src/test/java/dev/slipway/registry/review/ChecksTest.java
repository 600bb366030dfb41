package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.put;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ChecksTest {
  @Inject
  Scene scene;

  @Test
  void requiredCheckMustBeGreenBeforeAnybodyApproves() {
    long request = requested("ci-needed", 1);
    approve("bob", request).then().statusCode(409).body("detail", containsString("ci/build"));
    report("ci", request, "ci/build", "red").then().statusCode(200);
    approve("bob", request).then().statusCode(409);
    report("ci", request, "ci/build", "green")
        .then()
        .statusCode(200)
        .body("state", is("open"))
        .body("checks.findAll { it.source == 'external' }", hasSize(1))
        .body("checks.find { it.name == 'ci/build' }.verdict", is("green"))
        .body("checks.find { it.name == 'ci/build' }.data.tests", is(12))
        .body("checks.find { it.name == 'ci/build' }.reporter", is("ci"));
    approve("bob", request).then().statusCode(200);
    awaitSettled(request, "applied");
    Scene.get("/requests/" + request).body("approvals[0].void", is(false));
    report("ci", request, "ci/build", "red").then().statusCode(409);
  }

  @Test
  void sameVerdictVoidsNothingAndAnotherVoidsForGood() {
    long request = requested("ci-again", 2);
    report("ci", request, "ci/build", "green").then().statusCode(200);
    approve("bob", request).then().statusCode(200).body("approvals_valid", is(1));
    report("ci", request, "ci/build", "green").then().body("approvals_valid", is(1));
    report("ci", request, "ci/build", "red").then().body("approvals[0].void", is(true));
    report("ci", request, "ci/build", "green")
        .then()
        .body("approvals_valid", is(0))
        .body("approvals[0].void_reason", containsString("verdicts"));
  }

  @Test
  void moveThatNeedsOnlyACheckAppliesItselfWhenThatIsGreen() {
    long request = requested("ci-alone", 0);
    Scene.get("/requests/" + request).body("state", is("open"));
    report("ci", request, "ci/build", "green").then().statusCode(200);
    awaitSettled(request, "applied");
  }

  @Test
  void requesterAndAnonymousMayNotReportAndBadReportsAreNamed() {
    long request = requested("ci-own", 1);
    report("alice", request, "ci/build", "green").then().statusCode(403);
    report("anonymous", request, "ci/build", "green").then().statusCode(403);
    report("ci", request, "ci/build", "maybe")
        .then()
        .statusCode(400)
        .body("detail", containsString("'green' or 'red'"));
    report("ci", request, "ci build", "green").then().statusCode(400);
    post(
            "ci",
            "/requests/" + request + "/checks",
            Map.of("name", "a", "verdict", "green", "url", "javascript:alert(1)"))
        .then()
        .statusCode(400);
    report("ci", request, "golden", "green")
        .then()
        .statusCode(400)
        .body("detail", containsString("Slipway makes itself"));
    Scene.get("/requests/" + request)
        .body("checks.findAll { it.source == 'external' }", hasSize(0));
  }

  @Test
  void whoMadeTheVersionReportsOnlyWhereThePolicyNamesItsRole() {
    scene.model("ci-uploader", 1);
    post("bob", "/models/ci-uploader/requests", Map.of("version", 1, "to", "Staging"));
    int request = post(
            "bob", "/models/ci-uploader/requests", Map.of("version", 1, "to", "Production"))
        .path("id");
    report("alice", request, "ci/build", "green")
        .then()
        .statusCode(403)
        .body("detail", containsString("reporters"));
    var production = Map.of("approvals", 1, "reporters", List.of("author"));
    put(
            "root",
            "/models/ci-uploader/policy",
            Map.of("mode", "reviewed", "moves", Map.of("Production", production)))
        .then()
        .statusCode(200);
    report("alice", request, "ci/build", "green").then().statusCode(200);
  }

  private static Response report(String user, long request, String name, String verdict) {
    return post(
        user,
        "/requests/" + request + "/checks",
        Map.of(
            "name",
            name,
            "verdict",
            verdict,
            "url",
            "https://ci.example.org/1",
            "data",
            Map.of("tests", 12)));
  }

  private long requested(String model, int approvals) {
    scene.model(model, 1);
    var production = Map.of("approvals", approvals, "checks", List.of("ci/build"));
    put(
            "root",
            "/models/" + model + "/policy",
            Map.of("mode", "reviewed", "moves", Map.of("Production", production)))
        .then()
        .statusCode(200);
    ask(model, 1, "Staging");
    return ask(model, 1, "Production");
  }
}
