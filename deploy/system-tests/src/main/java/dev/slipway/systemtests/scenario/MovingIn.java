package dev.slipway.systemtests.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.MlflowServer;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The way in for a team that has an MLflow server: mlflow-export-import moves its experiment with the runs,
 * {@code deploy/drills/import/move_models.py} its registered model, a reviewer approves what was in Production, and what
 * arrived is compared with what was there.
 */
public final class MovingIn {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String EXPERIMENT = "moving";
  private static final String MODEL = "moved";

  private final Cluster cluster;
  private final PythonEnv python;
  private final String source;
  private final String target;
  private final Path scripts;

  private MovingIn(Cluster cluster, PythonEnv python, URI source) {
    this.cluster = cluster;
    this.python = python;
    this.source = source.toString();
    this.target = cluster.registry().url().toString();
    this.scripts = ClusterPlan.usual().home().resolve("deploy/drills/import");
  }

  /**
   * @param told what the mover printed: each version's new number, and the request of the one that was in Production
   * @param again what it printed when it ran a second time, after the approval
   * @param compared the comparison, line by line
   * @param faults whether the comparison found any
   * @param answer the gateway's to a prediction of the moved model
   */
  public record Result(String told, String again, String compared, boolean faults, Answer answer) {}

  /** The environment of the source server and of the tools that move. */
  public static PythonEnv python() {
    return PythonEnv.of(ClusterPlan.usual()
        .home()
        .resolve("deploy/system-tests/src/main/resources/python/mlflow_server.txt"));
  }

  /**
   * Fills a server with {@code runs} runs, five at least, and moves them.
   *
   * @param cluster with a gateway, under a reviewed policy
   * @throws IOException when a step fails, with what it printed
   */
  public static Result run(Cluster cluster, PythonEnv python, int runs)
      throws IOException, InterruptedException {
    Path folder = cluster.folder();
    try (MlflowServer server = MlflowServer.start(
        python, folder.resolve("mlflow"), "sqlite:///" + folder.resolve("mlflow.db"), 1)) {
      return new MovingIn(cluster, python, server.url()).move(runs);
    }
  }

  private Result move(int runs) throws IOException {
    String check = scripts.resolve("check.py").toString();
    String onnx =
        ClusterPlan.usual().home().resolve("deploy/demo/iris-v1/model.onnx").toString();
    must(source, check, "fill", source, Integer.toString(runs), onnx);
    moveExperiment(cluster.folder().resolve("export").toString());
    String told = moveModels();
    approve();
    String again = moveModels();
    Answer answer = cluster.serving().infer(MODEL, IrisModels.ROW);
    PythonEnv.Outcome compared = at(target, check, "compare", source, target);
    return new Result(told, again, compared.output(), compared.exit() != 0, answer);
  }

  private void moveExperiment(String folder) throws IOException {
    must(
        source,
        python.program("export-experiment").toString(),
        "--experiment",
        EXPERIMENT,
        "--output-dir",
        folder);
    must(
        target,
        python.program("import-experiment").toString(),
        "--experiment-name",
        EXPERIMENT,
        "--input-dir",
        folder,
        "--import-source-tags",
        "True");
  }

  private String moveModels() throws IOException {
    return must(
        target,
        scripts.resolve("move_models.py").toString(),
        "--source",
        source,
        "--target",
        target);
  }

  /** What was in Production there is not so here before somebody approved it. */
  private void approve() {
    RegistryApi registry = cluster.registry();
    URI open = registry.url().resolve("/api/v1/models/" + MODEL + "/requests?state=open");
    for (JsonNode request : Http.get(open).expect(200).json().path("requests")) {
      registry.awaitRelease(registry
          .decide(request.path("id").asLong(), "approve", RegistryApi.REVIEWER)
          .expect(200)
          .json());
    }
  }

  private PythonEnv.Outcome at(String server, String... command) {
    Map<String, String> environment = new HashMap<>();
    environment.put("MLFLOW_TRACKING_URI", server);
    environment.put("MLFLOW_TRACKING_USERNAME", RegistryApi.AUTHOR);
    environment.put("MLFLOW_TRACKING_PASSWORD", "any");
    environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
    environment.put("PYTHONWARNINGS", "ignore");
    return python.run(environment, LIMIT, command);
  }

  private String must(String server, String... command) throws IOException {
    PythonEnv.Outcome outcome = at(server, command);
    if (outcome.exit() != 0) {
      throw new IOException(
          "%s ended with %d:%n%s".formatted(command[0], outcome.exit(), outcome.output()));
    }
    return outcome.output();
  }
}
