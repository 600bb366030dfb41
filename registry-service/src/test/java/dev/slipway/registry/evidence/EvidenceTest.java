package dev.slipway.registry.evidence;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.put;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A gateway in miniature answers the jobs; what is asked here is what becomes of its answers. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class EvidenceTest {
  private static final String GATEWAY = SmallGateway.NAME;
  private static final ModelSignature TAKES_X = takes("x");

  @Inject
  Scene scene;

  @Inject
  SmallGateway gateway;

  @Test
  void aRequestShowsEachCheckPendingAndThenWithItsFindingAndData() throws Exception {
    scene.model("evid-all", 1);
    require("evid-all", List.of());
    long request = requested("evid-all", 1);
    Scene.get("/requests/" + request)
        .body(
            "checks.name",
            hasItems(
                "loads",
                "signature",
                "golden",
                "metrics",
                "artifact-safety",
                "documentation",
                "latency"))
        .body(SmallGateway.check("loads") + ".source", is("slipway"))
        .body(SmallGateway.check("loads") + ".verdict", is("pending"));

    gateway.answer("evid-all", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    gateway.answer(
        "evid-all",
        1,
        Job.check("golden"),
        JobResult.of(Finding.red("2 of 3 golden values disagree", Map.of("disagreements", 2))));

    SmallGateway.awaitCheck(request, "loads", is("green"));
    SmallGateway.awaitCheck(request, "golden", is("red"));
    SmallGateway.awaitCheck(request, "documentation", is("warning"));
    Scene.get("/requests/" + request)
        .body(SmallGateway.check("loads") + ".data.load_ms", is(7))
        .body(SmallGateway.check("golden") + ".data.disagreements", is(2))
        .body(SmallGateway.check("documentation") + ".data.missing", hasItem("owner"))
        .body(SmallGateway.check("signature") + ".verdict", is("green"));
  }

  @Test
  void aRequiredCheckThatIsRedKeepsEverybodyFromApprovingAndIsNamed() throws Exception {
    scene.model("evid-red", 1);
    require("evid-red", List.of("golden"));
    long request = requested("evid-red", 1);
    gateway.answer("evid-red", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    gateway.answer(
        "evid-red", 1, Job.check("golden"), JobResult.of(Finding.red("they disagree", Map.of())));
    SmallGateway.awaitCheck(request, "golden", is("red"));

    approve("bob", request).then().statusCode(409).body("detail", containsString("golden"));
    Scene.get("/requests/" + request).body("state", is("open"));
  }

  @Test
  void aMoveThatNeedsOnlyAComputedCheckAppliesItselfWhenThatIsGreen() throws Exception {
    scene.model("evid-alone", 1);
    put(
            "root",
            "/models/evid-alone/policy",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", Map.of("approvals", 0, "checks", List.of("loads")))))
        .then()
        .statusCode(200);
    long request = requested("evid-alone", 1);
    Scene.get("/requests/" + request).body("state", is("open"));

    gateway.answer("evid-alone", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));

    awaitSettled(request, "applied");
  }

  @Test
  void aReviewerSeesASchemaBreakAgainstLiveAndRejects() throws Exception {
    scene.model("evid-schema", 2);
    gateway.answer("evid-schema", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    gateway.answer("evid-schema", 2, Job.INSPECT, JobResultOf.servable(takes("other")));
    Scene.promote("evid-schema", 1);
    require("evid-schema", List.of("signature"));
    long request = requested("evid-schema", 2);

    SmallGateway.awaitCheck(request, "signature", is("red"));
    Scene.get("/requests/" + request)
        .body(SmallGateway.check("signature") + ".data.breaking", hasItem("input x is gone"));
    approve("bob", request).then().statusCode(409).body("detail", containsString("signature"));
    post("bob", "/requests/" + request + "/reject", Map.of("comment", "callers send x"))
        .then()
        .statusCode(200)
        .body("state", is("rejected"));
  }

  @Test
  void comparisonsAreMadeAgainWhenAnotherVersionBecomesLive() throws Exception {
    scene.model("evid-stale", 2);
    gateway.answer("evid-stale", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    gateway.answer("evid-stale", 2, Job.INSPECT, JobResultOf.servable(takes("other")));
    require("evid-stale", 2, List.of("signature"));
    long request = requested("evid-stale", 2);
    SmallGateway.awaitCheck(request, "signature", is("green"));
    approve("bob", request).then().statusCode(200).body("approvals_valid", is(1));

    long other = requested("evid-stale", 1);
    SmallGateway.awaitCheck(other, "signature", is("green"));
    approve("bob", other).then().statusCode(200);
    approve("carol", other).then().statusCode(200);
    awaitSettled(other, "applied");

    SmallGateway.awaitCheck(request, "signature", is("red"));
    Scene.get("/requests/" + request).body("approvals_valid", is(0));
  }

  @Test
  void aFindingThatComesAfterAnApprovalVoidsNothingThatDidNotRequireIt() throws Exception {
    scene.model("evid-late", 1);
    require("evid-late", 2, List.of());
    long request = requested("evid-late", 1);
    approve("bob", request).then().statusCode(200).body("approvals_valid", is(1));

    gateway.answer("evid-late", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));

    SmallGateway.awaitCheck(request, "loads", is("green"));
    Scene.get("/requests/" + request).body("approvals_valid", is(1));
  }

  @Test
  void documentationIsReadAgainWhenSomebodyWritesIt() throws Exception {
    scene.model("evid-texts", 1);
    require("evid-texts", List.of());
    long request = requested("evid-texts", 1);
    SmallGateway.awaitCheck(request, "documentation", is("warning"));

    for (String tag : List.of("intended_use", "data", "owner")) {
      scene.tag("evid-texts", tag, "told");
    }
    io.restassured.RestAssured.given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(Map.of("description", "tells species apart"))
        .patch("/api/v1/models/evid-texts/versions/1")
        .then()
        .statusCode(200);

    SmallGateway.awaitCheck(request, "documentation", is("green"));
  }

  @Test
  void checksAreMadeAgainOnRequestAndTheSameVerdictVoidsNothing() throws Exception {
    scene.model("evid-again", 1);
    require("evid-again", 2, List.of("golden"));
    long request = requested("evid-again", 1);
    gateway.answer("evid-again", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    gateway.answer(
        "evid-again", 1, Job.check("golden"), JobResult.of(Finding.green("3 agree", Map.of())));
    SmallGateway.awaitCheck(request, "golden", is("green"));
    approve("bob", request).then().statusCode(200).body("approvals_valid", is(1));

    post("anonymous", "/requests/" + request + "/checks/rerun", Map.of()).then().statusCode(403);
    post("carol", "/requests/" + request + "/checks/rerun", Map.of())
        .then()
        .statusCode(200)
        .body(SmallGateway.check("golden") + ".verdict", is("stale"));
    approve("carol", request).then().statusCode(409).body("detail", containsString("golden"));
    gateway.answer(
        "evid-again", 1, Job.check("golden"), JobResult.of(Finding.green("4 agree", Map.of())));

    SmallGateway.awaitCheck(request, "golden", is("green"));
    Scene.get("/requests/" + request)
        .body(SmallGateway.check("golden") + ".summary", is("4 agree"))
        .body("approvals_valid", is(1));
  }

  @Test
  void aVersionThatCouldNotBeRunIsInspectedAgain() throws Exception {
    scene.model("evid-retry", 1);
    require("evid-retry", List.of("loads"));
    long request = requested("evid-retry", 1);
    gateway.answer(
        "evid-retry",
        1,
        Job.INSPECT,
        new JobResult(GATEWAY, Outcome.NOT_SERVABLE, "no memory left", null, null, Map.of()));
    SmallGateway.awaitCheck(request, "loads", is("red"));

    post("carol", "/requests/" + request + "/checks/rerun", Map.of()).then().statusCode(200);
    gateway.answer("evid-retry", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));

    SmallGateway.awaitCheck(request, "loads", is("green"));
  }

  @Test
  void aVersionThatCouldNotBeServedIsInspectedAgainBeforeAnybodyAsksForIt() throws Exception {
    scene.model("evid-look", 1);
    gateway.answer(
        "evid-look",
        1,
        Job.INSPECT,
        new JobResult(GATEWAY, Outcome.NOT_SERVABLE, "not within 20 s", null, null, Map.of()));
    String inspect = "/models/evid-look/versions/1/inspect";

    post("anonymous", inspect, Map.of()).then().statusCode(403);
    post("carol", inspect, Map.of()).then().statusCode(200).body("servable.state", is("unknown"));
    post("carol", inspect, Map.of())
        .then()
        .statusCode(409)
        .body("detail", containsString("is being inspected"));
    gateway.answer("evid-look", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));

    Scene.get("/models/evid-look/versions/1").body("servable.state", is("yes"));
    post("carol", inspect, Map.of())
        .then()
        .statusCode(409)
        .body("detail", containsString("can be served"));
  }

  @Test
  void whereNoRequestsAreKeptAgreementIsSkippedAndWarnsNobody() throws Exception {
    scene.model("evid-kept", 2);
    gateway.answer("evid-kept", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    gateway.answer("evid-kept", 2, Job.INSPECT, JobResultOf.servable(TAKES_X));
    Scene.promote("evid-kept", 1);
    require("evid-kept", List.of());
    long request = requested("evid-kept", 2);

    SmallGateway.awaitCheck(request, "agreement", is("skipped"));
    Scene.get("/requests/" + request)
        .body(
            SmallGateway.check("agreement") + ".summary",
            containsString("no sample requests kept"));
  }

  @Test
  void aFindingIsAuditedOnceAndWhatWaitsWhenARequestClosesIsNotRun() throws Exception {
    scene.model("evid-told", 1);
    require("evid-told", List.of());
    long request = requested("evid-told", 1);
    gateway.answer("evid-told", 1, Job.INSPECT, JobResultOf.servable(TAKES_X));
    SmallGateway.awaitCheck(request, "loads", is("green"));
    Scene.get("/audit?object=model/evid-told/request/" + request)
        .body(
            "entries.findAll { it.action == 'request.check' && it.after.check == 'loads' }",
            hasSize(1))
        .body("entries.find { it.after.check == 'loads' }.after.verdict", is("green"))
        .body("entries.find { it.after.check == 'loads' }.actor", is("slipway"));

    post("alice", "/requests/" + request + "/withdraw", Map.of()).then().statusCode(200);

    Scene.get("/requests/" + request)
        .body(SmallGateway.check("golden") + ".verdict", is("not_run"))
        .body(SmallGateway.check("loads") + ".verdict", is("green"));
    post("carol", "/requests/" + request + "/checks/rerun", Map.of()).then().statusCode(409);
  }

  @Test
  void aModelThatKillsTheProbeIsRedWithTheReason() throws Exception {
    scene.model("evid-deadly", 1);
    require("evid-deadly", List.of("loads"));
    // Asked for before its inspection has ended: after it the request would be refused.
    long request = requested("evid-deadly", 1);
    gateway.answer(
        "evid-deadly",
        1,
        Job.INSPECT,
        new JobResult(GATEWAY, Outcome.NOT_SERVABLE, "the process crashed", null, null, Map.of()));

    SmallGateway.awaitCheck(request, "loads", is("red"));
    Scene.get("/requests/" + request)
        .body(SmallGateway.check("loads") + ".summary", is("the process crashed"))
        .body(SmallGateway.check("golden") + ".verdict", is("red"));
    approve("bob", request).then().statusCode(409).body("detail", containsString("loads"));
  }

  private static void require(String model, List<String> checks) {
    require(model, 1, checks);
  }

  private static void require(String model, int approvals, List<String> checks) {
    put(
            "root",
            "/models/" + model + "/policy",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", Map.of("approvals", approvals, "checks", checks))))
        .then()
        .statusCode(200);
  }

  private static long requested(String model, int version) {
    ask(model, version, "Staging");
    return ask(model, version, "Production");
  }

  private static ModelSignature takes(String input) {
    return new ModelSignature(
        List.of(new TensorSpec(input, DataType.FP32, Shape.of(-1, 4))),
        List.of(new TensorSpec("y", DataType.FP32, Shape.of(-1, 3))));
  }

  /** Answers to inspections. */
  private static final class JobResultOf {
    static JobResult servable(ModelSignature signature) {
      return new JobResult(
          GATEWAY, Outcome.SERVABLE, null, "onnx", signature, Map.of("load_ms", 7));
    }
  }
}
