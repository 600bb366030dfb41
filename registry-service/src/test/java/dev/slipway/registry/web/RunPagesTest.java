package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.release.Scene;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RunPagesTest {
  @Inject
  Scene scene;

  @Inject
  Experiments experiments;

  @Inject
  Runs runs;

  @Inject
  RunLog log;

  @Inject
  ArtifactTree tree;

  private final Browser visitor = new Browser();

  private String experiment() {
    return String.valueOf(experiments.create("pages-" + UUID.randomUUID(), null, List.of()));
  }

  private String run(String experiment, String name, double auc, String depth) {
    String id =
        runs.create(experiment, "alice", 1_000_000L, name, List.of()).info().runId();
    log.param(id, new KeyValue("depth", depth));
    log.param(id, new KeyValue("loss", "<log>"));
    LongStream.rangeClosed(0, 4)
        .forEach(step -> log.metric(id, new Metric("auc", auc - (4 - step) * 0.1, step, step)));
    return id;
  }

  @Test
  void runsAreFilteredOrderedAndComparedFromTheirTable() {
    String experiment = experiment();
    String good = run(experiment, "good one", 0.9, "3");
    String poor = run(experiment, "poor one", 0.6, "5");

    visitor
        .get("/experiments/" + experiment)
        .then()
        .statusCode(200)
        .body(containsString("good one"))
        .body(containsString("metrics.auc"))
        .body(containsString("params.depth"))
        .body(containsString("&lt;log&gt;"));
    visitor
        .get("/experiments/" + experiment + "?filter=metrics.auc > 0.8&columns=params.depth")
        .then()
        .body(containsString("good one"))
        .body(not(containsString("poor one")))
        .body(not(containsString("metrics.auc</th>")));
    String ordered =
        visitor.get("/experiments/" + experiment + "?order=metrics.auc ASC").asString();
    assertThat(ordered.indexOf("poor one")).isLessThan(ordered.indexOf("good one"));
    String compared = visitor.get("/runs/compare?run=" + good + "&run=" + poor).asString();
    assertThat(compared).contains("auc", "0.9", "0.6", "depth").doesNotContain("&lt;log&gt;");
    assertThat(visitor
            .get("/runs/compare?run=" + good + "&run=" + poor + "&all=true")
            .asString())
        .contains("&lt;log&gt;");
  }

  @Test
  void filterThatCannotBeReadIsSaidAboveTheFilter() {
    visitor
        .get("/experiments/" + experiment() + "?filter=metrics.auc >> 1")
        .then()
        .statusCode(400)
        .contentType("text/html")
        .body(containsString("role=\"alert\""))
        .body(containsString("value=\"metrics.auc &gt;&gt; 1\""));
    visitor.get("/runs/compare?run=one").then().statusCode(400);
    visitor.get("/experiments/987654321").then().statusCode(404);
    visitor.get("/runs/nobody-ran-this").then().statusCode(404);
  }

  @Test
  void runShowsItsMetricsOverTheStepsAndItsFiles() {
    String id = run(experiment(), "drawn", 0.9, "3");
    String root = ArtifactTree.pathOf(runs.info(id).artifactUri()).orElseThrow();
    tree.put(
        new ArtifactPath(root + "/plots/roc curve.svg"), new ByteArrayInputStream(new byte[2048]));

    visitor
        .get("/runs/" + id)
        .then()
        .statusCode(200)
        .body(containsString("<polyline points=\"0,160 150,120 300,80 450,40 600,0\"/>"))
        .body(containsString("auc over steps 0 to 4, between 0.5 and 0.9"))
        .body(containsString("plots/</a>"));
    visitor
        .get("/runs/" + id + "?path=plots")
        .then()
        .body(containsString("roc curve.svg"))
        .body(containsString("2.0 KiB"))
        .body(containsString("path=plots%2Froc%20curve.svg"));
    visitor.get("/runs/" + id + "?path=../..").then().statusCode(400);
  }

  @Test
  void chartBreaksWhereAValueIsNotANumber() {
    Chart chart = Chart.of(
        "loss",
        List.of(
            new Chart.Measure(0, 1),
            new Chart.Measure(1, Double.NaN),
            new Chart.Measure(2, -Double.MAX_VALUE),
            new Chart.Measure(4, Double.MAX_VALUE)));

    assertThat(chart.pieces()).containsExactly("0,80", "300,160 600,0");
    assertThat(Chart.of("flat", List.of(new Chart.Measure(7, 2), new Chart.Measure(7, 2)))
            .pieces())
        .containsExactly("300,80 300,80");
    assertThat(chart.points()).extracting(Chart.Point::value).contains("NaN");
  }

  @Test
  void versionsAreComparedByWhatDiffers() {
    scene.model("beside", 2);
    put("alice", "/models/beside/versions/2/tags/team", java.util.Map.of("value", "risk"))
        .then()
        .statusCode(200);

    String page = visitor.get("/models/beside/compare?left=1&right=2").asString();
    assertThat(page).contains("Tag", "team", "risk", "absent").doesNotContain("differs</strong>");
    assertThat(visitor.get("/models/beside/compare?left=1&right=2&all=true").asString())
        .contains("<strong>differs</strong>", ">same<");
    visitor
        .get("/models/beside/compare?left=1&right=1")
        .then()
        .body(containsString("Nothing differs"));
    visitor.get("/models/beside/compare?left=1").then().statusCode(400);
    visitor.get("/models/beside/versions/2").then().body(containsString("Compare with version"));
  }
}
