package dev.slipway.registry.evidence;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.put;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.release.Scene;
import dev.slipway.registry.tracking.Dataset;
import dev.slipway.registry.tracking.DatasetInput;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.Lineage;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people and tools say of a version, beside what it is and what the policy asks for. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class DeclaredEvidenceTest {
  private static final ModelSignature GRAPH = new ModelSignature(
      List.of(new TensorSpec("x", DataType.FP32, Shape.of(-1, 4))),
      List.of(new TensorSpec("y", DataType.FP32, Shape.of(-1, 3))));

  @Inject
  Scene scene;

  @Inject
  SmallGateway gateway;

  @Inject
  Experiments experiments;

  @Inject
  Runs runs;

  @Inject
  RunLog log;

  @Inject
  Lineage lineage;

  @Test
  void anMlmodelThatDeclaresAnotherDatatypeThanTheGraphHasIsRedAndNamed() throws Exception {
    scene.model("decl-type", 0);
    register("decl-type", null, "int64");
    inspected("decl-type", 1);
    policy("decl-type", Map.of());

    long request = requested("decl-type", 1);

    SmallGateway.awaitCheck(request, "loads", is("red"));
    Scene.get("/requests/" + request)
        .body(
            SmallGateway.check("loads") + ".summary",
            containsString("input x is declared as INT64, and the graph has FP32"))
        .body(
            SmallGateway.check("loads") + ".data.declared_otherwise.breaking",
            contains(containsString("input x")));
  }

  @Test
  void anMlmodelThatDeclaresWhatTheGraphHasIsGreen() throws Exception {
    scene.model("decl-same", 0);
    register("decl-same", null, "float32");
    inspected("decl-same", 1);
    policy("decl-same", Map.of());

    SmallGateway.awaitCheck(requested("decl-same", 1), "loads", is("green"));
  }

  @Test
  void aPolicyNamesWhatHasToBeWrittenDown() throws Exception {
    scene.model("decl-texts", 1);
    policy(
        "decl-texts", Map.of("documentation", Map.of("intended_use", 0, "data", 0, "licence", 1)));
    long request = requested("decl-texts", 1);
    SmallGateway.awaitCheck(request, "documentation", is("warning"));
    Scene.get("/requests/" + request)
        .body(
            SmallGateway.check("documentation") + ".data.missing",
            contains("description", "owner", "licence"));

    scene.tag("decl-texts", "owner", "alice");
    scene.tag("decl-texts", "licence", "Apache-2.0");
    given()
        .header("X-Slipway-User", "alice")
        .contentType("application/json")
        .body(Map.of("description", "tells species apart"))
        .patch("/api/v1/models/decl-texts/versions/1")
        .then()
        .statusCode(200);

    SmallGateway.awaitCheck(request, "documentation", is("green"));
    Scene.get("/requests/" + request)
        .body(
            SmallGateway.check("documentation") + ".summary",
            is("description, owner and licence are there"));
  }

  @Test
  void metricsThatWereMeasuredOnOtherDataOrAreMissingAreAWarning() throws Exception {
    String experiment = String.valueOf(experiments.create("decl-runs", null, List.of()));
    scene.model("decl-metrics", 0);
    register("decl-metrics", run(experiment, "digest-1", "accuracy", "f1"), "float32");
    inspected("decl-metrics", 1);
    Scene.promote("decl-metrics", 1);
    policy("decl-metrics", Map.of());
    register("decl-metrics", run(experiment, "digest-2", "accuracy"), "float32");
    inspected("decl-metrics", 2);

    long request = requested("decl-metrics", 2);

    SmallGateway.awaitCheck(request, "metrics", is("warning"));
    Scene.get("/requests/" + request)
        .body(
            SmallGateway.check("metrics") + ".summary",
            is("measured on other data than live: holdout; f1 is missing"))
        .body(SmallGateway.check("metrics") + ".data.other_data", hasItem("holdout"));

    policy("decl-metrics", Map.of("metrics", Map.of("f1", 0.01)));
    post("carol", "/requests/" + request + "/checks/rerun", Map.of()).then().statusCode(200);
    SmallGateway.awaitCheck(request, "metrics", is("red"));
    Scene.get("/requests/" + request)
        .body(SmallGateway.check("metrics") + ".summary", not(containsString("other data")));
  }

  private String run(String experiment, String digest, String... metrics) {
    String id = runs.create(experiment, "alice", 1_000_000L, "nightly", List.of())
        .info()
        .runId();
    for (String metric : metrics) {
      log.metric(id, new Metric(metric, 0.9, 1_000_000L, 0));
    }
    var data = new Dataset("holdout", digest, "local", "holdout.csv", null, null);
    lineage.inputs(id, List.of(new DatasetInput(data, List.of())), List.of());
    return id;
  }

  private static void register(String model, String run, String dtype) {
    int number = post(
            "alice",
            "/models/" + model + "/versions",
            run == null ? Map.of() : Map.of("run_id", run))
        .then()
        .statusCode(201)
        .extract()
        .jsonPath()
        .getInt("version");
    upload(model, number, "model.onnx", "model " + number);
    upload(model, number, "MLmodel", """
        flavors:
          onnx:
            data: model.onnx
        signature:
          inputs: '[{"name": "x", "type": "tensor", "tensor-spec": {"dtype": "%s", "shape": [-1, 4]}}]'
          outputs: '[{"name": "y", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]'
        """.formatted(dtype));
    post("alice", "/models/" + model + "/versions/" + number + "/complete", Map.of())
        .then()
        .statusCode(200);
  }

  private static void upload(String model, int version, String path, String content) {
    given()
        .header("X-Slipway-User", "alice")
        .contentType("application/octet-stream")
        .body(content.getBytes(StandardCharsets.UTF_8))
        .put("/api/v1/models/" + model + "/versions/" + version + "/files/" + path)
        .then()
        .statusCode(201);
  }

  private void inspected(String model, int version) throws InterruptedException {
    gateway.answer(
        model,
        version,
        Job.INSPECT,
        new JobResult(
            SmallGateway.NAME, Outcome.SERVABLE, null, "onnx", GRAPH, Map.of("load_ms", 7)));
  }

  private static void policy(String model, Map<String, ?> thresholds) {
    put(
            "root",
            "/models/" + model + "/policy",
            Map.of(
                "mode",
                "reviewed",
                "moves",
                Map.of("Production", Map.of("approvals", 1, "thresholds", thresholds))))
        .then()
        .statusCode(200);
  }

  private static long requested(String model, int version) {
    ask(model, version, "Staging");
    return ask(model, version, "Production");
  }
}
