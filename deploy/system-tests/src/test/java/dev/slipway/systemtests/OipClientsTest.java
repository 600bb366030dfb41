package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.PythonEnv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The packaged gateway serves every fixture model. The protocol's own clients, unmodified, get the frameworks' own answers; and so does
 * who asks by one of the other protocols.
 */
class OipClientsTest {
  private static final Path HOME = ClusterPlan.usual().home();
  private static final String FLOWERS = "[[5.1,3.5,1.4,0.2],[6.0,2.7,5.1,1.6]]";
  private static final String SAVED_MODEL = "tensorflow-saved-model";
  private static final Set<String> OTHER_FRAMEWORKS = Set.of("torchscript", SAVED_MODEL);
  private static Cluster cluster;

  @BeforeAll
  static void serveAll() {
    cluster = Cluster.start(ClusterPlan.usual().withDirectory());
    fixtures().parallelStream().forEach(model -> ClientChecks.serve(cluster, model));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> theClientsOfTheProtocolAreAnswered() {
    PythonEnv python = PythonEnv.exactly(ClientChecks.script("oip_clients.txt"));
    List<String> names = fixtures().stream().map(FixtureModel::name).toList();
    return Stream.of("triton_client.py", "kserve_client.py", "mlserver_infer.py", "curl_client.py")
        .flatMap(script -> ClientChecks.run(cluster, python, script, names));
  }

  private static Answer post(String path, String contentType, String body) {
    return Http.raw(
            "POST",
            cluster.serving().url().resolve(path),
            contentType,
            BodyPublishers.ofString(body))
        .expect(200);
  }

  @Test
  void mlflowsCallersAreAnswered() {
    JsonNode frame = post(
            "/models/iris-logreg/invocations",
            "application/json",
            "{\"dataframe_split\":{\"columns\":[\"a\",\"b\",\"c\",\"d\"],\"data\":" + FLOWERS
                + "}}")
        .json()
        .path("predictions");
    assertThat(frame.path(1).path("label").asInt()).isEqualTo(2);
    JsonNode csv = post("/models/iris-logreg/invocations", "text/csv", "a,b,c,d\n6.0,2.7,5.1,1.6\n")
        .json()
        .path("predictions")
        .path(0);
    assertThat(csv.path("label")).isEqualTo(frame.path(1).path("label"));
    assertThat(csv.path("probabilities")).hasSize(3);
    for (String booster : List.of("iris-xgboost-json", "iris-lightgbm")) {
      JsonNode scores = post(
              "/models/" + booster + "/invocations",
              "application/json",
              "{\"inputs\":" + FLOWERS + "}")
          .json()
          .path("predictions");
      assertThat(scores.path(1).path(0).isNumber()).as(booster + " " + scores).isTrue();
    }
  }

  @Test
  void aModelsDocumentHasAnExampleThatWorksWhenPasted() {
    for (String model : List.of("iris-logreg", "string-input", "iris-ort", "mlp-torchscript")) {
      URI document = cluster.serving().url().resolve("/models/" + model + "/openapi.json");
      var path = Http.get(document)
          .expect(200)
          .json()
          .path("paths")
          .properties()
          .iterator()
          .next();
      String example = path.getValue()
          .at("/post/requestBody/content/application~1json/example")
          .toString();
      JsonNode answer = post(path.getKey(), "application/json", example).json();
      assertThat(answer.path("model").asText()).isEqualTo(model);
      assertThat(answer.path("digest").asText()).startsWith("sha256:");
      assertThat(answer.path("outputs")).as(answer.toString()).isNotEmpty();
    }
  }

  /** As {@code curl -d} sends it, with the type of a form. */
  @Test
  void tensorFlowServingsCallersAreAnswered() {
    String form = "application/x-www-form-urlencoded";
    JsonNode predictions = post(
            "/v1/models/iris-logreg:predict", form, "{\"instances\":" + FLOWERS + "}")
        .json()
        .path("predictions");
    assertThat(predictions).hasSize(2);
    assertThat(predictions.path(1).path("label").asInt()).isEqualTo(2);
    JsonNode status = Http.get(
            cluster.serving().url().resolve("/v1/models/iris-logreg/labels/production"))
        .expect(200)
        .json();
    assertThat(status.path("model_version_status").path(0).path("version").asText())
        .isEqualTo("1");
  }

  /** TorchScript, and SavedModels where the package has TensorFlow: all rows of a golden case, in each protocol's forms. */
  @TestFactory
  Stream<DynamicTest> modelsOfOtherFrameworksAnswerEveryProtocol() {
    return fixtures().stream()
        .filter(model -> OTHER_FRAMEWORKS.contains(model.format()))
        .filter(model -> model.name().startsWith("mlp"))
        .flatMap(model -> Stream.of(
            scored(model, "/models/%s/invocations", "instances", "predictions"),
            scored(model, "/models/%s/invocations", "inputs", "predictions"),
            scored(model, "/v1/models/%s:predict", "instances", "predictions"),
            scored(model, "/v1/models/%s:predict", "inputs", "outputs"),
            scored(model, "/models/%s/predict", "rows", "outputs")));
  }

  private static DynamicTest scored(FixtureModel model, String path, String form, String answer) {
    return dynamicTest(path.formatted(model.name()) + " with " + form, () -> {
      FixtureModel.Case golden = model.goldenCase("batch-32");
      String body = Json.write(Map.of(form, rows(golden.inputs().getFirst())));
      List<Double> actual = new ArrayList<>();
      numbers(
          post(path.formatted(model.name()), "application/json", body).json().path(answer), actual);
      double[] expected = golden.output("output").doubles();
      assertThat(actual).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(model.tolerance().accepts(expected[i], actual.get(i)))
            .as("element %d: %s instead of %s", i, actual.get(i), expected[i])
            .isTrue();
      }
    });
  }

  private static List<double[]> rows(GoldenTensor tensor) {
    double[] all = tensor.doubles();
    int width = Math.toIntExact(tensor.shape().toArray()[1]);
    return IntStream.range(0, all.length / width)
        .mapToObj(row -> Arrays.copyOfRange(all, row * width, (row + 1) * width))
        .toList();
  }

  private static void numbers(JsonNode node, List<Double> found) {
    if (node.isNumber()) {
      found.add(node.asDouble());
    }
    node.forEach(child -> numbers(child, found));
  }

  /** Every fixture that an engine of the package takes; TensorFlow is in one that was made with {@code -Dtensorflow}. */
  private static List<FixtureModel> fixtures() {
    boolean tensorflow = packaged("tensorflow-core-native");
    return FixtureModels.names().stream()
        .map(FixtureModels::get)
        .filter(model -> tensorflow || !model.format().equals(SAVED_MODEL))
        .toList();
  }

  private static boolean packaged(String library) {
    Path libraries = HOME.resolve("serving-service/target/quarkus-app/lib/main");
    try (Stream<Path> jars = Files.list(libraries)) {
      return jars.anyMatch(jar -> jar.getFileName().toString().contains(library));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
