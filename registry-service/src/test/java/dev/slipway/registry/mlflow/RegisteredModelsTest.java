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
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RegisteredModelsTest {
  @Test
  void aModelIsWhatItWasCreatedAs() {
    String name = "m-" + UUID.randomUUID();
    post(
            "registered-models/create",
            Map.of(
                "name",
                name,
                "description",
                "why",
                "tags",
                List.of(pair("a", "1"), pair("a", "2"))))
        .statusCode(200)
        .body("registered_model.name", equalTo(name))
        .body("registered_model.creation_timestamp", notNullValue())
        .body("registered_model.latest_versions", nullValue())
        .body("registered_model.user_id", nullValue());

    get("registered-models/get", Map.of("name", name))
        .statusCode(200)
        .body("registered_model.description", equalTo("why"))
        .body("registered_model.tags", equalTo(List.of(Map.of("key", "a", "value", "2"))))
        .body("registered_model.aliases", nullValue());
  }

  @Test
  void theSecondOfOneNameIsRefused() {
    String name = newModel();
    post("registered-models/create", Map.of("name", name))
        .statusCode(400)
        .body("error_code", equalTo("RESOURCE_ALREADY_EXISTS"))
        .body("message", equalTo("Registered Model (name=" + name + ") already exists."));
  }

  @Test
  void aPromptAndAModelDoNotShareAName() {
    List<?> prompt = List.of(pair("mlflow.prompt.is_prompt", "true"));
    String model = newModel();
    String taken = "prompt-" + model;
    post("registered-models/create", Map.of("name", taken, "tags", prompt)).statusCode(200);

    post("registered-models/create", Map.of("name", taken, "tags", prompt))
        .statusCode(400)
        .body("message", equalTo("Prompt (name=" + taken + ") already exists."));
    post("registered-models/create", Map.of("name", taken))
        .statusCode(400)
        .body("error_code", equalTo("RESOURCE_ALREADY_EXISTS"))
        .body("message", containsString("name is already taken by a prompt."));
    post("registered-models/create", Map.of("name", model, "tags", prompt))
        .statusCode(400)
        .body("message", containsString("name is already taken by a registered model."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a/b | Invalid model name 'a/b'. Names cannot contain '/' or ':'.",
        "a:b | Invalid model name 'a:b'. Names cannot contain '/' or ':'.",
        "'  ' | Missing value for required parameter 'name'.",
        ".. | must not resolve to other names"
      })
  void badNamesAreRefusedInMlflowsWords(String name, String message) {
    post("registered-models/create", Map.of("name", name))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
        .body("message", containsString(message));
  }

  @Test
  void aMissingNameIsNamed() {
    post("registered-models/create", Map.of())
        .statusCode(400)
        .body("message", containsString("Missing value for required parameter 'name'"));
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String path : List.of("registered-models/get", "registered-models/get-latest-versions")) {
      get(path, Map.of("name", "nobody"))
          .statusCode(404)
          .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"))
          .body("message", equalTo("Registered Model with name=nobody not found"));
    }
    delete("registered-models/delete", Map.of("name", "nobody")).statusCode(404);
    patch("registered-models/update", Map.of("name", "nobody", "description", "x"))
        .statusCode(404);
  }

  @Test
  void bothPrefixesAnswer() {
    String name = newModel();
    given()
        .queryParam("name", name)
        .get("/ajax-api/2.0/mlflow/registered-models/get")
        .then()
        .statusCode(200)
        .body("registered_model.name", equalTo(name));
  }

  @Test
  void aRenamedModelTakesItsVersionsAlong() {
    String name = newModel();
    newVersion(name);
    String renamed = "renamed-" + name;
    postAs("alice", "registered-models/rename", Map.of("name", name, "new_name", renamed))
        .statusCode(200)
        .body("registered_model.name", equalTo(renamed))
        .body("registered_model.latest_versions[0].name", equalTo(renamed));
    get("model-versions/get", Map.of("name", renamed, "version", "1")).statusCode(200);
    get("registered-models/get", Map.of("name", name)).statusCode(404);
  }

  @Test
  void aRenameToATakenNameIsRefused() {
    String taken = newModel();
    postAs("alice", "registered-models/rename", Map.of("name", newModel(), "new_name", taken))
        .statusCode(400)
        .body("error_code", equalTo("RESOURCE_ALREADY_EXISTS"))
        .body("message", containsString(taken));
  }

  @Test
  void anUpdateChangesTheDescription() {
    String name = newModel();
    patch("registered-models/update", Map.of("name", name, "description", "new"))
        .statusCode(200)
        .body("registered_model.description", equalTo("new"));
  }

  @Test
  void aDeletedModelIsGoneWithItsVersions() {
    String name = newModel();
    newVersion(name);
    delete("registered-models/delete", Map.of("name", name)).statusCode(200);
    get("registered-models/get", Map.of("name", name)).statusCode(404);
    get("model-versions/get", Map.of("name", name, "version", "1")).statusCode(404);
  }

  @Test
  void tagsAreOverwrittenAndDeletingOneThatIsNotThereIsFine() {
    String name = newModel();
    for (String value : List.of("one", "two")) {
      post("registered-models/set-tag", Map.of("name", name, "key", "k", "value", value))
          .statusCode(200);
    }
    get("registered-models/get", Map.of("name", name))
        .body("registered_model.tags[0].value", equalTo("two"));
    for (int i = 0; i < 2; i++) {
      delete("registered-models/delete-tag", Map.of("name", name, "key", "k")).statusCode(200);
    }
    get("registered-models/get", Map.of("name", name)).body("registered_model.tags", nullValue());
  }

  @Test
  void tagsHaveMlflowsLimits() {
    String name = newModel();
    post("registered-models/set-tag", Map.of("name", name, "key", "k".repeat(251), "value", "v"))
        .statusCode(400)
        .body("message", equalTo("'key' exceeds the maximum length of 250 characters"));
    post(
            "registered-models/set-tag",
            Map.of("name", name, "key", "k", "value", "v".repeat(100_001)))
        .statusCode(400)
        .body("message", equalTo("'value' exceeds the maximum length of 100000 characters"));
    post("registered-models/set-tag", Map.of("name", name, "key", "a^b", "value", "v"))
        .statusCode(400)
        .body("message", containsString("Names may only contain alphanumerics"));
    post(
            "registered-models/set-tag",
            Map.of("name", name, "key", "k", "value", "v".repeat(100_000)))
        .statusCode(200);
  }

  @Test
  void theLatestVersionsAreTheHighestNumbersByStage() {
    String name = newModel();
    for (int i = 0; i < 4; i++) {
      newVersion(name);
    }
    MlflowRegistry.openPolicy(name);
    MlflowRegistry.move(name, 3, "Staging").statusCode(200);
    MlflowRegistry.move(name, 1, "staging").statusCode(200);
    MlflowRegistry.move(name, 2, "PRODUCTION").statusCode(200);

    get("registered-models/get", Map.of("name", name))
        .body("registered_model.latest_versions.version", equalTo(List.of("4", "3", "2")))
        .body(
            "registered_model.latest_versions.current_stage",
            equalTo(List.of("None", "Staging", "Production")));
    post(
            "registered-models/get-latest-versions",
            Map.of("name", name, "stages", List.of("staging")))
        .statusCode(200)
        .body("model_versions.version", equalTo(List.of("3")));
    get("registered-models/get-latest-versions", Map.of("name", name))
        .body("model_versions", hasSize(3));
    post(
            "registered-models/get-latest-versions",
            Map.of("name", name, "stages", List.of("nowhere")))
        .statusCode(400)
        .body(
            "message",
            equalTo(
                "Invalid Model Version stage: nowhere. Value must be one of None, Staging, Production, Archived."));
  }
}
