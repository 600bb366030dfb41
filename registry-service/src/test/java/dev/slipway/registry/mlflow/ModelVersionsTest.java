package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.pair;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.delete;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static dev.slipway.registry.mlflow.MlflowRegistry.newVersion;
import static dev.slipway.registry.mlflow.MlflowRegistry.patch;
import static dev.slipway.registry.mlflow.MlflowRegistry.postAs;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ModelVersionsTest {
  @Test
  void aVersionOfAMadeUpRunIsTakenAndReadyAtOnce() {
    String model = newModel();
    post(
            "model-versions/create",
            Map.of(
                "name", model,
                "source", "runs:/run_id/model",
                "run_id", "run_id",
                "run_link", "http://link",
                "description", "d",
                "tags", List.of(pair("k", "v"))))
        .statusCode(200)
        .body("model_version.version", equalTo("1"))
        .body("model_version.status", equalTo("READY"))
        .body("model_version.current_stage", equalTo("None"));

    get("model-versions/get", Map.of("name", model, "version", "1"))
        .statusCode(200)
        .body("model_version.source", equalTo("runs:/run_id/model"))
        .body("model_version.run_id", equalTo("run_id"))
        .body("model_version.run_link", equalTo("http://link"))
        .body("model_version.description", equalTo("d"))
        .body("model_version.tags", equalTo(List.of(Map.of("key", "k", "value", "v"))))
        .body("model_version.user_id", nullValue());
    get("model-versions/get-download-uri", Map.of("name", model, "version", "1"))
        .body("artifact_uri", equalTo("runs:/run_id/model"));
  }

  @Test
  void aSourceThatCannotBeReadIsKeptAsGivenAndCannotBeServed() {
    String model = newModel();
    newVersion(model, "s3://bucket/model");
    given()
        .get("/api/v1/models/" + model + "/versions/1")
        .then()
        .statusCode(200)
        .body("digest", nullValue())
        .body("status", equalTo("READY"))
        .body("servable.state", equalTo("no"))
        .body("servable.reason", containsString("s3://bucket/model"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc",
        "file:///etc",
        "FILE:///etc",
        "C:\\models",
        "relative/path",
        "s3://a/../b",
        "mlflow-artifacts:/%252e%252e/x",
        "http://h/..%2f"
      })
  void pathsOfTheServerAndPathTricksAreRefused(String source) {
    post("model-versions/create", Map.of("name", newModel(), "source", source))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", startsWith("Invalid model version source: '"));
  }

  @Test
  void aSourceThatNamesAVersionThatIsNotThereIsNotFound() {
    String model = newModel();
    post("model-versions/create", Map.of("name", model, "source", "models:/" + model + "/9"))
        .statusCode(404)
        .body("message", equalTo("Model Version (name=" + model + ", version=9) not found"));
    post("model-versions/create", Map.of("name", model, "source", "models:/m-unknown"))
        .statusCode(404)
        .body("message", containsString("models:/m-unknown"));
  }

  @Test
  void whatIsMissingIsNamed() {
    post("model-versions/create", Map.of("name", "x"))
        .statusCode(400)
        .body("message", containsString("Missing value for required parameter 'source'"));
    post("model-versions/create", Map.of("name", "nobody", "source", "s3://a"))
        .statusCode(404)
        .body("message", equalTo("Registered Model with name=nobody not found"));
    get("model-versions/get", Map.of("name", newModel(), "version", "five"))
        .statusCode(400)
        .body("message", equalTo("Parameter 'version' must be an integer, got 'five'."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "-1", "99999999999999999999"})
  void aNumberOfNoVersionIsNotFound(String version) {
    String model = newModel();
    get("model-versions/get", Map.of("name", model, "version", version))
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"))
        .body(
            "message",
            equalTo("Model Version (name=" + model + ", version=" + version + ") not found"));
  }

  @Test
  void aVersionOfNoModelIsAVersionThatIsNotFound() {
    get("model-versions/get", Map.of("name", "nobody", "version", "1"))
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"))
        .body("message", equalTo("Model Version (name=nobody, version=1) not found"));
  }

  @Test
  void numbersAreNeverUsedAgain() {
    String model = newModel();
    newVersion(model);
    newVersion(model);
    delete("model-versions/delete", Map.of("name", model, "version", "2")).statusCode(200);
    delete("model-versions/delete", Map.of("name", model, "version", "2")).statusCode(404);
    assertThat(newVersion(model)).isEqualTo("3");
  }

  @Test
  void eachOfManyAtOnceGetsANumberAndAnAnswerOfItsOwn() throws Exception {
    String model = newModel();
    Map<String, ?> refused =
        Map.of("name", model, "source", "s3://b/refused", "description", "d".repeat(100_001));
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String user = "writer-" + i;
      Map<String, ?> wanted = Map.of("name", model, "source", "s3://b/" + user);
      calls.add(() -> {
        ValidatableResponse answer = postAs(user, "model-versions/create", wanted)
            .statusCode(200)
            .body("model_version.source", equalTo("s3://b/" + user))
            .body("model_version.user_id", equalTo(user));
        return Integer.valueOf(answer.extract().path("model_version.version"));
      });
      if (i % 10 == 5) {
        calls.add(() -> {
          post("model-versions/create", refused).statusCode(400);
          return null;
        });
      }
    }
    List<Integer> numbers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> answer : threads.invokeAll(calls)) {
        numbers.add(answer.get());
      }
    }

    numbers.removeIf(Objects::isNull);
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 40).boxed().toList());
    given().get("/api/v1/audit/verify").then().statusCode(200).body("intact", equalTo(true));
  }

  @Test
  void anUpdateChangesTheDescriptionAndWithoutOneTakesItAway() {
    String model = newModel();
    newVersion(model);
    patch("model-versions/update", Map.of("name", model, "version", "1", "description", "new"))
        .statusCode(200)
        .body("model_version.description", equalTo("new"));
    patch("model-versions/update", Map.of("name", model, "version", "1"))
        .statusCode(200)
        .body("model_version.description", equalTo(""));
  }

  @Test
  void aPromptThatIsTooLongIsCalledAPrompt() {
    String model = newModel();
    newVersion(model);
    String text = "x".repeat(100_001);
    String refusal = "Prompt text exceeds max length of 100000 characters.";

    post(
            "model-versions/set-tag",
            Map.of("name", model, "version", "1", "key", "mlflow.prompt.text", "value", text))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", equalTo(refusal));
    post(
            "model-versions/create",
            Map.of(
                "name",
                model,
                "source",
                "prompt-template",
                "tags",
                List.of(pair("mlflow.prompt.text", text))))
        .statusCode(400)
        .body("message", equalTo(refusal));
    post(
            "model-versions/set-tag",
            Map.of("name", model, "version", "1", "key", "other", "value", text))
        .statusCode(400)
        .body("message", equalTo("'value' exceeds the maximum length of 100000 characters"));
  }

  @Test
  void tagsAreSetAndDeleted() {
    String model = newModel();
    newVersion(model);
    post("model-versions/set-tag", Map.of("name", model, "version", "1", "key", "k", "value", "v"))
        .statusCode(200);
    get("model-versions/get", Map.of("name", model, "version", "1"))
        .body("model_version.tags[0].value", equalTo("v"));
    delete("model-versions/delete-tag", Map.of("name", model, "version", "1", "key", "k"))
        .statusCode(200);
    delete("model-versions/delete-tag", Map.of("name", model, "version", "1", "key", "k"))
        .statusCode(200);
    get("model-versions/get", Map.of("name", model, "version", "1"))
        .body("model_version.tags", nullValue());
  }

  @Test
  void aliasesMoveAndLatestIsTheHighestNumber() {
    String model = newModel();
    newVersion(model);
    newVersion(model);
    for (String version : List.of("1", "2")) {
      postAs(
              "alice",
              "registered-models/alias",
              Map.of("name", model, "alias", "champion", "version", version))
          .statusCode(200);
    }
    postAs(
            "alice",
            "registered-models/alias",
            Map.of("name", model, "alias", "other", "version", "2"))
        .statusCode(200);
    get("registered-models/alias", Map.of("name", model, "alias", "champion"))
        .statusCode(200)
        .body("model_version.version", equalTo("2"))
        .body("model_version.aliases", equalTo(List.of("champion", "other")));
    get("registered-models/get", Map.of("name", model))
        .body("registered_model.aliases[0]", equalTo(Map.of("alias", "champion", "version", "2")));
    newVersion(model);
    get("registered-models/alias", Map.of("name", model, "alias", "LATEST"))
        .body("model_version.version", equalTo("3"));

    delete("model-versions/delete", Map.of("name", model, "version", "2")).statusCode(200);
    get("registered-models/alias", Map.of("name", model, "alias", "champion"))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", equalTo("Registered model alias champion not found."));
    delete("registered-models/alias", Map.of("name", model, "alias", "champion"))
        .statusCode(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "latest | 'latest' alias name (case insensitive) is reserved.",
        "V2 | Version alias name 'V2' is reserved.",
        "a.b | Invalid alias name: 'a.b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
      })
  void reservedAndOddAliasesAreRefused(String alias, String message) {
    String model = newModel();
    newVersion(model);
    post("registered-models/alias", Map.of("name", model, "alias", alias, "version", "1"))
        .statusCode(400)
        .body("message", equalTo(message));
  }
}
