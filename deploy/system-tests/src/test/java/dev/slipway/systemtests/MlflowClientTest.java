package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * MLflow's own Python client, unmodified, against the packaged services. What each step does and expects of the client is in
 * {@code mlflow_client.py}; a broken promise ends that script with a traceback, which is then the failure's text.
 */
class MlflowClientTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Pattern REQUEST = Pattern.compile("transition request (\\d+) ");
  private static final double FLOAT_ROUNDING = 1e-5;
  private static PythonEnv python;
  private static Cluster cluster;

  @TempDir
  private Path folder;

  @BeforeAll
  static void start() {
    python = PythonEnv.of(scripts().resolve("mlflow.txt"));
    cluster = Cluster.start(ClusterPlan.usual()
        .withRegistrySettings(Map.of("slipway.webhooks.allow-insecure", "true")));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void runsAreLoggedSearchedPagedDeletedAndRestored() {
    step("tracking");
  }

  @Test
  void aLargeFileGoesToTheObjectStoreInPartsAndTheCommandLineFindsFiles() {
    assertThat(step("artifacts").path("parts").asInt()).isEqualTo(3);
  }

  @Test
  void modelsAreRegisteredFoundAliasedLoadedAndAnswerAsTheirFrameworkDoes() {
    step("registry", iris());
  }

  @Test
  void aProjectOfTheCommandLineLogsToItsRun() {
    step("project");
  }

  @Test
  void webhooksArriveSigned() {
    step("webhooks");
  }

  @Test
  void aModelLoggedWithMlflowIsReviewedGoesLiveAndAnswersAsOnnxRuntimeDoes() {
    RegistryApi registry = cluster.registry();
    JsonNode asked = step("promote", iris(), "flowers");

    long request = requestNamedIn(asked.path("told").asText());
    assertThat(registry.live("flowers")).isZero();
    JsonNode decided = registry.decide(request, "approve", "bob").expect(200).json();
    assertThat(registry.awaitRelease(decided).path("message").asText()).contains("live on 1 of 1");
    step("promoted", "flowers");

    Answer answer = cluster.serving().infer("flowers", rows(asked.path("rows"))).expect(200);
    assertThat(answer.version()).isEqualTo(1);
    assertThat(answer.headers().firstValue("X-Slipway-Digest"))
        .hasValue(registry.getVersion("flowers", 1).text("digest"));
    assertThat(answer.json().path("outputs")).isNotEmpty();
    for (JsonNode output : answer.json().path("outputs")) {
      assertEqualNumbers(
          output.path("data"), asked.path("answers").path(output.path("name").asText()));
    }
  }

  private static long requestNamedIn(String message) {
    Matcher found = REQUEST.matcher(message);
    assertThat(found.find()).as(message).isTrue();
    assertThat(message).contains("/api/v1/requests/" + found.group(1));
    return Long.parseLong(found.group(1));
  }

  /** Whatever their nesting. */
  private static void assertEqualNumbers(JsonNode actual, JsonNode expected) {
    List<Double> ours = flat(actual);
    List<Double> theirs = flat(expected);
    assertThat(ours).isNotEmpty().hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(ours.get(i)).isCloseTo(theirs.get(i), within(FLOAT_ROUNDING));
    }
  }

  private static List<Double> flat(JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(child -> numbers.addAll(flat(child)));
    } else {
      assertThat(node.isNumber()).as(node.toString()).isTrue();
      numbers.add(node.asDouble());
    }
    return numbers;
  }

  private static String rows(JsonNode rows) {
    return Json.write(Map.of(
        "inputs",
        List.of(Map.of(
            "name",
            "X",
            "shape",
            List.of(rows.size(), rows.get(0).size()),
            "datatype",
            "FP32",
            "data",
            rows))));
  }

  /** Runs one step of the script as alice; answers the JSON that it ends with. */
  private JsonNode step(String name, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(scripts().resolve("mlflow_client.py").toString(), name));
    command.add(folder.toString());
    command.addAll(List.of(arguments));
    PythonEnv.Outcome outcome = python.run(
        Map.of(
            "MLFLOW_TRACKING_URI",
            cluster.registry().url().toString(),
            "MLFLOW_TRACKING_USERNAME",
            RegistryApi.AUTHOR,
            "MLFLOW_TRACKING_PASSWORD",
            "any",
            "MLFLOW_DISABLE_TELEMETRY",
            "true"),
        LIMIT,
        command.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.output()).isZero();
    return Json.read(outcome.output().lines().toList().getLast());
  }

  private static String iris() {
    return ClusterPlan.usual().home().resolve("deploy/demo/iris-v1/model.onnx").toString();
  }

  private static Path scripts() {
    return ClusterPlan.usual().home().resolve("deploy/system-tests/src/test/python");
  }
}
