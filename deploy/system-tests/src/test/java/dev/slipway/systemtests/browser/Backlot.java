package dev.slipway.systemtests.browser;

import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Something on every page to look at: nothing, what is usual, and far too much. */
final class Backlot {
  private static final String LONG = "credit-risk-of-small-and-medium-enterprises-in-the-euro-area_"
      + "monthly.retrained.with.all.features.and.a.name.that.nobody.wants.to.type_"
      + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  private static final String PROSE =
      "Trained on everything that we know, which is not enough. ".repeat(30)
          + "https://example.org/" + "a/very/long/path/".repeat(12);

  private final RegistryApi registry;

  Backlot(RegistryApi registry) {
    this.registry = registry;
  }

  /** A page to look at, by somebody. */
  record Scene(String name, String address, String visitor) {
    /** A reviewer looks. */
    Scene(String name, String address) {
      this(name, address, "carol");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Makes all of it, and answers where it can be seen. */
  List<Scene> build() {
    List<Scene> scenes = new ArrayList<>();
    empty(scenes);
    typical(scenes);
    tooMuch(scenes);
    new Extremes(registry).build(scenes);
    return scenes;
  }

  private void empty(List<Scene> scenes) {
    registry.createModel("look-empty").expect(201);
    registry.beginVersion("look-empty");
    registry.createModel("look-bare").expect(201);
    scenes.add(new Scene("models-empty", "/?q=no-such-model"));
    scenes.add(new Scene("policy-none", "/models/look-bare/policy"));
    scenes.add(new Scene("model-empty", "/models/look-bare"));
    scenes.add(new Scene("version-empty", "/models/look-empty/versions/1"));
    scenes.add(new Scene("requests-empty", "/requests?state=expired"));
    scenes.add(new Scene("audit-empty", "/audit?object=model/nothing"));
    scenes.add(new Scene("refused", "/models/there-is-no-such-model"));
    scenes.add(new Scene("sign-in", "/sign-in"));
  }

  private void typical(List<Scene> scenes) {
    String model = "iris";
    IrisModels.register(registry, model);
    registry.promote(model, 1);
    registry.promote(model, 2);
    long applied = newest(model);
    int broken = registry.addVersion(model, FixtureModels.get("multi-io").content());
    awaitInspected(model, broken);
    registry.needsApprovals(model, 2);
    long open = ask(model, broken, "the new features are in");
    registry.decide(open, "approve", "bob").expect(200);
    registry.needsApprovals(model, 1);
    registry
        .post("/api/v1/requests/" + open + "/comments", "carol", Map.of("body", "What of X?"))
        .expect(201);
    checked(open);
    registry.addVersion(model, IrisModels.onnx(1));
    scenes.add(new Scene("models", "/"));
    scenes.add(new Scene("model", "/models/iris"));
    scenes.add(new Scene("version", "/models/iris/versions/2"));
    scenes.add(new Scene("requests", "/requests"));
    scenes.add(new Scene("request-open", "/requests/" + open));
    scenes.add(new Scene("request-applied", "/requests/" + applied));
    scenes.add(new Scene("gateways", "/gateways"));
    scenes.add(new Scene("compare", "/models/iris/compare?left=1&right=2"));
    rules(scenes);
    logged(scenes);
    new Exhibits(registry, this).build(scenes);
    scenes.add(new Scene("audit", "/audit"));
    scenes.add(new Scene("audit-verified", "/audit?verify=true"));
  }

  /** Only an admin is given the forms. */
  private void rules(List<Scene> scenes) {
    Http.json(
            "PUT",
            registry.url().resolve("/api/v1/policies/groups/payments"),
            "root",
            Map.of("mode", "reviewed", "group", Map.of("name_prefix", "pay-")))
        .expect(200);
    scenes.add(new Scene("policies", "/policies"));
    scenes.add(new Scene("policies-admin", "/policies", "root"));
    scenes.add(new Scene("policy-admin", "/models/iris/policy", "root"));
    scenes.add(new Scene("policy-group", "/policies/groups/payments", "root"));
    scenes.add(new Scene("policy-new-group", "/policies/new-group", "root"));
  }

  /** One check of each kind: green, red with figures, required and not there. */
  private void checked(long request) {
    Map<String, Object> figures = Map.of(
        "requests",
        400,
        "equal",
        0.97,
        "worst",
        List.of(
            Map.of("input", "[5.1, 3.5]", "live", "setosa", "candidate", "virginica"),
            Map.of("input", "[6.0, 2.7]", "live", "versicolor", "candidate", "virginica")));
    registry
        .post(
            "/api/v1/requests/" + request + "/checks",
            "bob",
            Map.of("name", "fairness", "verdict", "green", "url", "https://ci.example/fairness/12"))
        .expect(200);
    registry
        .post(
            "/api/v1/requests/" + request + "/checks",
            "bob",
            Map.of(
                "name",
                "golden-replay",
                "verdict",
                "red",
                "summary",
                "12 of 400 answers differ",
                "data",
                figures))
        .expect(200);
    registry.needsApprovals("iris", 1, "golden-replay", "latency");
  }

  private void logged(List<Scene> scenes) {
    String first = run("quick-otter-12", 0.8);
    String second = run("name-that-nobody-chose-".repeat(8), 0.93);
    scenes.add(new Scene("experiments", "/experiments"));
    scenes.add(new Scene("runs", "/experiments/0"));
    scenes.add(new Scene("runs-refused", "/experiments/0?filter=metrics.auc+%3E%3E+1"));
    scenes.add(new Scene("run", "/runs/" + first));
    registry
        .post(
            "/api/2.0/mlflow/upload-artifact?run_uuid=" + first + "&path=report.json",
            "alice",
            Map.of("auc", 0.93, "rows", List.of(1, 2, 3)))
        .expect(200);
    scenes.add(new Scene("file", "/runs/" + first + "/files?path=report.json"));
    Http.raw(
            "POST",
            registry
                .url()
                .resolve("/api/2.0/mlflow/upload-artifact?run_uuid=" + first + "&path=curve.png"),
            "application/octet-stream",
            BodyPublishers.ofByteArray(Exhibits.picture()))
        .expect(200);
    scenes.add(new Scene("image", "/runs/" + first + "/files?path=curve.png"));
    scenes.add(new Scene("runs-compared", "/runs/compare?run=" + first + "&run=" + second));
  }

  String run(String name, double auc) {
    String id = registry
        .post(
            "/api/2.0/mlflow/runs/create",
            "alice",
            Map.of("experiment_id", "0", "run_name", name, "start_time", 1_700_000_000_000L))
        .expect(200)
        .json()
        .at("/run/info/run_id")
        .asText();
    List<Map<String, Object>> points = new ArrayList<>();
    for (int step = 0; step < 40; step++) {
      double value = auc * (1 - Math.exp(-step / 8.0));
      points.add(Map.of("key", "auc", "value", value, "timestamp", step, "step", step));
      points.add(Map.of("key", "loss", "value", 1 - value, "timestamp", step, "step", step));
    }
    Map<String, String> param = Map.of("key", "depth", "value", auc > 0.9 ? "7" : "3");
    registry
        .post(
            "/api/2.0/mlflow/runs/log-batch",
            "alice",
            Map.of("run_id", id, "metrics", points, "params", List.of(param)))
        .expect(200);
    return id;
  }

  private void tooMuch(List<Scene> scenes) {
    registry
        .post(
            "/api/v1/models",
            "alice",
            Map.of(
                "name",
                LONG,
                "description",
                PROSE,
                "tags",
                Map.of("a-tag-" + "x".repeat(150), PROSE)))
        .expect(201);
    for (int i = 0; i < 12; i++) {
      registry
          .post(RegistryApi.pathOf(LONG) + "/versions", "alice", Map.of("description", PROSE))
          .expect(201);
    }
    int version = registry.addVersion(LONG, IrisModels.onnx(1));
    awaitInspected(LONG, version);
    long request = ask(LONG, version, PROSE);
    registry
        .post("/api/v1/requests/" + request + "/comments", "bob", Map.of("body", PROSE))
        .expect(201);
    String href = RegistryApi.pathOf(LONG).replace("/api/v1", "");
    scenes.add(new Scene("models-long", "/?q=credit"));
    scenes.add(new Scene("model-long", href));
    scenes.add(new Scene("version-long", href + "/versions/" + version));
    scenes.add(new Scene("requests-long", "/requests?state=all"));
    scenes.add(new Scene("request-long", "/requests/" + request));
    scenes.add(new Scene("audit-long", "/audit?object=" + href.substring(1).replaceFirst("s", "")));
  }

  long ask(String model, int version, String why) {
    registry.request(model, version, "Staging", "alice").expect(201);
    return registry
        .post(
            RegistryApi.pathOf(model) + "/requests",
            "alice",
            Map.of("version", version, "to", "Production", "comment", why))
        .expect(201)
        .json()
        .path("id")
        .asLong();
  }

  private long newest(String model) {
    return registry
        .getModel(model, "/requests")
        .expect(200)
        .json()
        .path("requests")
        .path(0)
        .path("id")
        .asLong();
  }

  void awaitInspected(String model, int version) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> registry.getVersion(model, version).json().has("signature"));
  }
}
