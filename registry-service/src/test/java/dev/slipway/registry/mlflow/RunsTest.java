package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.log;
import static dev.slipway.registry.mlflow.Mlflow.metric;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.pair;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.Mlflow.searchRuns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RunsTest {
  @Test
  void aRunKeepsWhatItLogged() {
    String run = newRun(newExperiment());
    post(
        "runs/log-metric",
        Map.of("run_id", run, "key", "loss", "value", 0.5, "timestamp", 7, "step", 1));
    log(run, "params", List.of(pair("lr", "0.1")));
    post("runs/set-tag", Map.of("run_id", run, "key", "team", "value", "a")).statusCode(200);
    post("runs/update", Map.of("run_id", run, "status", "FINISHED", "end_time", 99))
        .statusCode(200);

    get("runs/get", Map.of("run_id", run))
        .statusCode(200)
        .body("run.info.status", equalTo("FINISHED"))
        .body("run.info.end_time", equalTo(99))
        .body("run.data.metrics[0].value", equalTo(0.5f))
        .body("run.data.params[0].value", equalTo("0.1"))
        .body("run.data.tags.key", equalTo(List.of("mlflow.runName", "team")));
  }

  @Test
  void aParameterIsWrittenOnceAndTheSameValueAgainIsFine() {
    String run = newRun(newExperiment());
    post("runs/log-parameter", Map.of("run_id", run, "key", "p", "value", "1")).statusCode(200);
    post("runs/log-parameter", Map.of("run_id", run, "key", "p", "value", "1")).statusCode(200);
    post("runs/log-parameter", Map.of("run_id", run, "key", "p", "value", "2"))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", containsString("was already logged with value='1'"));
  }

  @Test
  void aBatchIsKeptWholeOrNotAtAll() {
    String run = newRun(newExperiment());
    log(run, "params", List.of(pair("p", "1")));

    post(
            "runs/log-batch",
            Map.of(
                "run_id", run,
                "params", List.of(pair("new", "x"), pair("p", "2")),
                "metrics", List.of(metric("m", 1, 1, 0)),
                "tags", List.of(pair("t", "v"))))
        .statusCode(400)
        .body("message", containsString("Changing param values is not allowed"));

    get("runs/get", Map.of("run_id", run))
        .body("run.data.params", hasSize(1))
        .body("run.data.metrics", equalTo(null))
        .body("run.data.tags.key", not(equalTo(List.of("mlflow.runName", "t"))));
  }

  @Test
  void theLatestMetricIsTheHighestStepThenTimeThenValue() {
    String run = newRun(newExperiment());
    log(run, "metrics", List.of(metric("m", 5, 1, 3), metric("m", 9, 5, 2), metric("m", 6, 1, 3)));
    log(run, "metrics", List.of(metric("m", 100, 9, 1)));

    get("runs/get", Map.of("run_id", run)).body("run.data.metrics[0].value", equalTo(6f));
  }

  @Test
  void aPointLoggedTwiceIsOnePointAndNanSurvives() {
    String run = newRun(newExperiment());
    List<Map<String, Object>> points = List.of(metric("m", "NaN", 1, 0), metric("m", 1, 1, 0));
    log(run, "metrics", points);
    log(run, "metrics", points);

    get("metrics/get-history", Map.of("run_id", run, "metric_key", "m"))
        .body("metrics", hasSize(2))
        .body("metrics.value.collect { it.toString() }.sort()", equalTo(List.of("1.0", "NaN")));
  }

  @Test
  void aMetricNamesBothNameAndDigestOfItsDatasetOrNeither() {
    String run = newRun(newExperiment());
    for (String half : List.of("dataset_name", "dataset_digest")) {
      Map<String, Object> point =
          Map.of("run_id", run, "key", "m", "value", 1, "timestamp", 1, half, "x");
      post("runs/log-metric", point)
          .statusCode(400)
          .body("message", containsString("Both dataset_name and dataset_digest"));
    }
  }

  @Test
  void historyPagesGoThroughEveryPointInOrder() {
    String run = newRun(newExperiment());
    List<Map<String, Object>> points = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      points.add(metric("m", i, i / 5, 24 - i));
    }
    Collections.shuffle(points);
    log(run, "metrics", points);

    List<Object> seen = new ArrayList<>();
    Map<String, Object> query =
        new HashMap<>(Map.of("run_id", run, "metric_key", "m", "max_results", 10));
    String token;
    do {
      var page = get("metrics/get-history", query).statusCode(200).extract();
      seen.addAll(page.path("metrics.value"));
      token = page.path("next_page_token");
      query.put("page_token", token);
    } while (token != null);

    List<String> whole = get("metrics/get-history", Map.of("run_id", run, "metric_key", "m"))
        .extract()
        .path("metrics.value.collect { it.toString() }");
    assertThat(seen.stream().map(Object::toString))
        .containsExactlyElementsOf(whole)
        .hasSize(25);
    get("metrics/get-history", Map.of("run_id", run, "metric_key", "m", "max_results", 0))
        .statusCode(400);
  }

  @Test
  void samplesKeepTheFirstAndTheLastPoint() {
    String run = newRun(newExperiment());
    List<Map<String, Object>> points = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      points.add(metric("m", i, 1, i));
    }
    log(run, "metrics", points);

    for (int size : new int[] {1, 2, 7, 99, 100, 500}) {
      List<Integer> steps = get(
              "metrics/get-history-bulk-interval",
              Map.of("run_ids", run, "metric_key", "m", "max_results", size))
          .statusCode(200)
          .extract()
          .path("metrics.step");
      assertThat(steps).hasSize(Math.min(size, 100)).isSorted().endsWith(99);
      if (size > 1) {
        assertThat(steps).startsWith(0);
      }
    }
  }

  @Test
  void searchFiltersOnEverythingThatARunHas() {
    String experiment = newExperiment();
    String a = newRun(experiment, 1);
    String b = newRun(experiment, 2);
    String c = newRun(experiment, 3);
    log(a, "metrics", List.of(metric("m", 1, 1, 0)));
    log(b, "metrics", List.of(metric("m", 2, 1, 0), metric("x y", 5, 1, 0)));
    log(c, "metrics", List.of(metric("m", "NaN", 1, 0)));
    log(a, "params", List.of(pair("p", "one")));
    log(b, "tags", List.of(pair("t", "Two")));
    post(
            "runs/log-inputs",
            Map.of(
                "run_id",
                c,
                "datasets",
                List.of(Map.of(
                    "tags", List.of(pair("mlflow.data.context", "train")),
                    "dataset",
                        Map.of(
                            "name", "iris", "digest", "d1", "source_type", "s", "source", "x")))))
        .statusCode(200);

    assertThat(searchRuns(experiment, "metrics.m > 1")).containsExactly(b);
    assertThat(searchRuns(experiment, "metrics.m != 1")).containsExactly(c, b);
    assertThat(searchRuns(experiment, "metrics.m >= 1 AND metrics.m < 2")).containsExactly(a);
    assertThat(searchRuns(experiment, "metrics.`x y` = 5")).containsExactly(b);
    assertThat(searchRuns(experiment, "params.p LIKE 'o%'")).containsExactly(a);
    assertThat(searchRuns(experiment, "params.p IS NULL")).containsExactly(c, b);
    assertThat(searchRuns(experiment, "tags.t = 'two'")).isEmpty();
    assertThat(searchRuns(experiment, "tags.t ILIKE 'two'")).containsExactly(b);
    assertThat(searchRuns(experiment, "attributes.start_time >= 2")).containsExactly(c, b);
    assertThat(searchRuns(experiment, "run_id IN ('" + a + "', '" + c + "')"))
        .containsExactly(c, a);
    assertThat(searchRuns(experiment, "run_id NOT IN ('" + a + "')")).containsExactly(c, b);
    assertThat(searchRuns(experiment, "dataset.name = 'iris' AND dataset.context = 'train'"))
        .containsExactly(c);
    assertThat(searchRuns(experiment, "dataset.digest LIKE 'e%'")).isEmpty();
  }

  @Test
  void aBackslashInAPatternStandsForItself() {
    String experiment = newExperiment();
    String run = newRun(experiment);
    log(run, "params", List.of(pair("file", "C:\\jobs\\train.py")));
    assertThat(searchRuns(experiment, "params.file LIKE 'C:\\jobs\\%'")).containsExactly(run);
    assertThat(searchRuns(experiment, "params.file LIKE \"%\\\"")).isEmpty();
  }

  @Test
  void runsWithoutTheOrderedMetricComeLastAndNanBeforeThem() {
    String experiment = newExperiment();
    String none = newRun(experiment, 9);
    String nan = newRun(experiment, 8);
    String low = newRun(experiment, 7);
    String high = newRun(experiment, 6);
    log(nan, "metrics", List.of(metric("m", "NaN", 1, 0)));
    log(low, "metrics", List.of(metric("m", -1, 1, 0)));
    log(high, "metrics", List.of(metric("m", "Infinity", 1, 0)));

    assertThat(searchRuns(experiment, "", "metrics.m ASC")).containsExactly(low, high, nan, none);
    assertThat(searchRuns(experiment, "", "metrics.m DESC")).containsExactly(high, low, nan, none);
    assertThat(searchRuns(experiment, "metrics.m != 5", "metrics.m DESC"))
        .containsExactly(high, low, nan);
    assertThat(searchRuns(experiment, "", "start_time ASC")).containsExactly(high, low, nan, none);
  }

  @Test
  void deletedRunsAreFoundOnlyWhenAskedFor() {
    String experiment = newExperiment();
    String gone = newRun(experiment);
    post("runs/delete", Map.of("run_id", gone)).statusCode(200);

    assertThat(searchRuns(experiment, "")).isEmpty();
    post(
            "runs/search",
            Map.of("experiment_ids", List.of(experiment), "run_view_type", "DELETED_ONLY"))
        .body("runs.info.run_id", equalTo(List.of(gone)));
    post("runs/log-parameter", Map.of("run_id", gone, "key", "k", "value", "v"))
        .statusCode(400)
        .body("message", containsString("must be in the 'active' state"));
    post("runs/restore", Map.of("run_id", gone)).statusCode(200);
    assertThat(searchRuns(experiment, "")).containsExactly(gone);
  }

  @Test
  void searchMistakesAreFourHundreds() {
    String experiment = newExperiment();
    for (Map<String, Object> query : List.<Map<String, Object>>of(
        Map.of("filter", "foo"),
        Map.of("filter", "metrics.a > 1 OR metrics.b > 1"),
        Map.of("max_results", 50_001),
        Map.of("max_results", 0),
        Map.of("order_by", List.of("nothing ASC")),
        Map.of("order_by", List.of("start_time", "start_time")),
        Map.of("page_token", "broken"),
        Map.of("run_view_type", "SOME"))) {
      Map<String, Object> body = new HashMap<>(query);
      body.put("experiment_ids", List.of(experiment));
      post("runs/search", body)
          .statusCode(400)
          .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    }
  }

  @Test
  void batchMistakesNameTheField() {
    String run = newRun(newExperiment());
    post(
            "runs/log-batch",
            Map.of("run_id", run, "metrics", List.of(Map.of("key", "mae", "value", 2.5))))
        .statusCode(400)
        .body(
            "message",
            containsString("Missing value for required parameter 'metrics[0].timestamp'"));
    post("runs/log-batch", Map.of("run_id", run, "tags", "foo"))
        .statusCode(400)
        .body("message", containsString("Invalid value \"foo\" for parameter 'tags' supplied"));
    post("runs/log-batch", Map.of("run_id", run, "tags", List.of(pair("a\u0000b", "x"))))
        .statusCode(400);
    post("runs/log-batch", Map.of("run_id", run, "tags", List.of(pair("ok", "x\u0000y"))))
        .statusCode(400);
    post(
            "runs/search",
            Map.of("experiment_ids", List.of("0"), "order_by", List.of("metrics.`a\u0000`")))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    post("runs/log-batch", Map.of("run_id", run, "params", List.of(pair("../x", "v"))))
        .statusCode(400);
  }
}
