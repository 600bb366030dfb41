package dev.slipway.systemtests.browser;

import dev.slipway.systemtests.browser.Backlot.Scene;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The pages of runs, files, gateways and comparisons with nothing and with far too much on them, and a release half-way. */
final class Extremes {
  static final String HALF_WAY = "look-half-way";
  private static final String WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk";
  private static final String LONG = (WORD + "-").repeat(4) + "und-mehr";

  private final RegistryApi registry;

  Extremes(RegistryApi registry) {
    this.registry = registry;
  }

  void build(List<Scene> scenes) {
    tracked(scenes);
    compared(scenes);
    halfWay(scenes);
  }

  private void tracked(List<Scene> scenes) {
    scenes.add(new Scene("experiments-empty", "/experiments?q=nothing-is-called-that"));
    scenes.add(new Scene("runs-empty", "/experiments/" + experiment("look-nothing-yet")));
    String experiment = experiment(LONG);
    String run = run(experiment);
    scenes.add(new Scene("experiments-long", "/experiments?q=" + WORD.substring(0, 12)));
    scenes.add(new Scene("runs-long", "/experiments/" + experiment));
    scenes.add(new Scene("run-long", "/runs/" + run));
    // MLflow takes no file without a byte by this way.
    file(run, "empty.txt", "\n");
    scenes.add(new Scene("file-empty", "/runs/" + run + "/files?path=empty.txt"));
    file(run, LONG + ".csv", (WORD + ",").repeat(30) + "\n" + (WORD + " " + WORD + ",").repeat(30));
    scenes.add(new Scene("file-long", "/runs/" + run + "/files?path=" + escaped(LONG) + ".csv"));
  }

  private String experiment(String name) {
    return registry
        .post("/api/2.0/mlflow/experiments/create", "alice", Map.of("name", name))
        .expect(200)
        .json()
        .path("experiment_id")
        .asText();
  }

  private String run(String experiment) {
    String run = registry
        .post(
            "/api/2.0/mlflow/runs/create",
            "alice",
            Map.of("experiment_id", experiment, "run_name", LONG, "start_time", 1))
        .expect(200)
        .json()
        .at("/run/info/run_id")
        .asText();
    List<Map<String, Object>> metrics = new ArrayList<>();
    List<Map<String, Object>> params = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String key = WORD.replace('ä', 'a') + "-" + i;
      metrics.add(Map.of("key", key, "value", 1e-300, "timestamp", 1, "step", 0));
      params.add(Map.of("key", key, "value", LONG));
    }
    registry
        .post(
            "/api/2.0/mlflow/runs/log-batch",
            "alice",
            Map.of("run_id", run, "metrics", metrics, "params", params))
        .expect(200);
    return run;
  }

  private void file(String run, String path, String text) {
    Http.raw(
            "POST",
            registry
                .url()
                .resolve(
                    "/api/2.0/mlflow/upload-artifact?run_uuid=" + run + "&path=" + escaped(path)),
            "application/octet-stream",
            BodyPublishers.ofString(text))
        .expect(200);
  }

  /** The model with the long name is live too, and so on each gateway. */
  private void compared(List<Scene> scenes) {
    scenes.add(new Scene("compare-empty", "/models/iris/compare?left=1&right=1"));
    scenes.add(new Scene("gateways-empty", "/gateways?gateway=nobody-is-called-that"));
    registry.createModel(LONG).expect(201);
    registry.waiveApprovals(LONG);
    registry.addVersion(LONG, IrisModels.onnx(1));
    registry.addVersion(LONG, IrisModels.onnx(2));
    for (String tag : List.of("left", "right")) {
      int version = tag.equals("left") ? 1 : 2;
      Http.json(
              "PUT",
              registry.url().resolve(RegistryApi.pathOf(LONG, version) + "/tags/" + escaped(LONG)),
              "alice",
              Map.of("value", (LONG + " " + tag + " ").repeat(5)))
          .expect(200);
    }
    registry.promote(LONG, 1);
    scenes.add(new Scene("gateways-long", "/gateways?gateway=gateway-0"));
    scenes.add(new Scene(
        "compare-long",
        RegistryApi.pathOf(LONG).replace("/api/v1", "") + "/compare?left=1&right=2&all=true"));
  }

  /** A canary that goes on only when somebody says so, which nobody does. */
  private void halfWay(List<Scene> scenes) {
    IrisModels.register(registry, HALF_WAY);
    registry.promote(HALF_WAY, 1);
    registry
        .putSettings(
            HALF_WAY,
            Map.of("release", Map.of("kind", "canary", "steps", List.of(Map.of("percent", 25)))))
        .expect(200);
    registry.askForProduction(HALF_WAY, 2).expect(201);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> registry
            .getModel(HALF_WAY, "/releases")
            .expect(200)
            .json()
            .at("/releases/0/state")
            .asText()
            .equals("stepping"));
    scenes.add(new Scene("model-half-way", "/models/" + HALF_WAY));
  }

  private static String escaped(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}
