package dev.slipway.registry.evidence;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.post;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
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
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the page of a request shows of its evidence. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class EvidencePageTest {
  private static final Map<String, Object> LIVE =
      Map.of("p50_ms", 1.0, "p95_ms", 2.0, "p99_ms", 4.0);
  private static final Map<String, Object> SLOWER =
      Map.of("p50_ms", 3.0, "p95_ms", 4.0, "p99_ms", 8.0);

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

  @Test
  void aReviewerSeesFiguresBesideProductionWithDirectionLimitAndOriginInWords() throws Exception {
    scene.model("page-evidence", 0);
    String experiment = String.valueOf(experiments.create("page-evidence-runs", null, List.of()));
    String first = run(experiment, 0.9, 0.20);
    register(first);
    answer(1, Job.INSPECT, servable(100));
    Scene.promote("page-evidence", 1);
    register(run(experiment, 0.5, 0.10));
    answer(2, Job.INSPECT, servable(300));
    ask("page-evidence", 2, "Staging");
    long request = ask("page-evidence", 2, "Production");
    answer(
        2,
        Job.check("golden"),
        JobResult.of(Finding.red(
            "1 of 3 golden values disagree",
            Map.of(
                "top",
                List.of(Map.of(
                    "where",
                    "golden/a.json y",
                    "index",
                    2,
                    "expected",
                    "0.5",
                    "actual",
                    "0.75",
                    "off_by",
                    0.25))))));
    answer(
        2,
        Job.check("latency"),
        JobResult.of(Finding.red(
            "slower", Map.of("ratio", 2.5, "limit", 1.5, "live", LIVE, "version", SLOWER))));
    SmallGateway.awaitCheck(request, "metrics", is("red"));
    SmallGateway.awaitCheck(request, "golden", is("red"));
    SmallGateway.awaitCheck(request, "latency", is("red"));

    String page = given().accept("text/html").get("/requests/" + request).asString();

    assertThat(page)
        .contains("−0.4 (−44.4 %)", "higher is better", "</span> worse", ">0.0009<")
        .contains("lower is better", "</span> as good or better")
        .contains("golden/a.json y", ">0.25<")
        .contains("2.5 times as long as live", "the limit is 1.5 times", ">3.00 ×<")
        .contains("+200 B", "Most memory while it was inspected")
        .contains("/experiments/" + experiment + "\"", "page-evidence-runs", "abc123")
        .contains("Run checks again");
    assertThat(
            given().accept("text/html").get("/models/page-evidence/versions/2").asString())
        .contains("/runs/", "abc123");
    String compared = given()
        .accept("text/html")
        .get("/models/page-evidence/compare?left=1&right=2")
        .asString();
    assertThat(compared)
        .containsPattern("p50</th><td>1 ms</td><td>3 ms</td>")
        .containsPattern("p99</th><td>4 ms</td><td>8 ms</td>");
    scene.version("page-evidence");
    assertThat(given()
            .accept("text/html")
            .get("/models/page-evidence/compare?left=2&right=3")
            .asString())
        .containsPattern("p95</th><td>4 ms</td><td>–</td>");
  }

  @Test
  void aVersionShowsItsCardAndTheMetricsThatItWasRegisteredWith() {
    scene.model("carded", 0);
    String experiment = String.valueOf(experiments.create("carded-runs", null, List.of()));
    String run = run(experiment, 0.75, 0.125);
    post("alice", "/models/carded/versions", Map.of("run_id", run, "description", "sees flowers"))
        .then()
        .statusCode(201);
    log.metric(run, new Metric("accuracy", 0.99, 2_000_000L, 1));
    scene.tag("carded", "owner", "team-botany");

    String page = given().accept("text/html").get("/models/carded/versions/1").asString();

    assertThat(page)
        .contains("Metrics at registration", "<dt>accuracy</dt><dd>0.75</dd>")
        .contains("<dt>loss</dt><dd>0.125</dd>")
        .contains("<dt>Description</dt><dd>sees flowers</dd>")
        .contains("<dt>Owner</dt><dd>team-botany</dd>")
        .containsPattern("<dt>Intended use</dt><dd><span[^>]*>not written down")
        .doesNotContain("0.99");
    given()
        .accept("application/json")
        .get("/models/carded/versions/1")
        .then()
        .statusCode(200)
        .body("card.description", is("sees flowers"))
        .body("card.owner", is("team-botany"))
        .body("lineage.origin.metrics.accuracy", is(0.75f));
  }

  private String run(String experiment, double accuracy, double loss) {
    String id = runs.create(
            experiment,
            "alice",
            1_000_000L,
            "nightly",
            List.of(new KeyValue("mlflow.source.git.commit", "abc123")))
        .info()
        .runId();
    log.metric(id, new Metric("accuracy", accuracy, 1_000_000L, 0));
    log.metric(id, new Metric("loss", loss, 1_000_000L, 0));
    return id;
  }

  private void register(String run) {
    int number = post("alice", "/models/page-evidence/versions", Map.of("run_id", run))
        .then()
        .statusCode(201)
        .extract()
        .jsonPath()
        .getInt("version");
    given()
        .header("X-Slipway-User", "alice")
        .contentType("application/octet-stream")
        .body(("model " + number).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .put("/api/v1/models/page-evidence/versions/" + number + "/files/model.onnx")
        .then()
        .statusCode(201);
    post("alice", "/models/page-evidence/versions/" + number + "/complete", Map.of())
        .then()
        .statusCode(200);
  }

  private void answer(int version, String kind, JobResult result) throws InterruptedException {
    gateway.answer("page-evidence", version, kind, result);
  }

  private static JobResult servable(int peak) {
    var signature = new ModelSignature(
        List.of(new TensorSpec("x", DataType.FP32, Shape.of(-1, 4))),
        List.of(new TensorSpec("y", DataType.FP32, Shape.of(-1, 3))));
    return new JobResult(
        SmallGateway.NAME,
        Outcome.SERVABLE,
        null,
        "onnx",
        signature,
        Map.of("load_ms", 7, "peak_memory_bytes", peak));
  }
}
