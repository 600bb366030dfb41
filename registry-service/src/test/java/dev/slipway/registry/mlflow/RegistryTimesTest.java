package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.delete;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static dev.slipway.registry.mlflow.MlflowRegistry.newVersion;
import static dev.slipway.registry.mlflow.MlflowRegistry.openPolicy;
import static dev.slipway.registry.mlflow.MlflowRegistry.postAs;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What counts as an update for MLflow's clients, and which names they may give. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RegistryTimesTest {
  @Test
  void tagsAndAliasesAreNoUpdateAndYetAnotherRevision() {
    String model = newModel();
    newVersion(model);
    String changed = text(model, "", "updated_at");
    String versionChanged = text(model, "/versions/1", "updated_at");
    String revision = etag(model, "");
    String versionRevision = etag(model, "/versions/1");

    post("registered-models/set-tag", Map.of("name", model, "key", "k", "value", "v"))
        .statusCode(200);
    post("model-versions/set-tag", Map.of("name", model, "version", "1", "key", "k", "value", "v"))
        .statusCode(200);
    assertThat(etag(model, "")).isNotEqualTo(revision);
    assertThat(etag(model, "/versions/1")).isNotEqualTo(versionRevision);
    String tagged = etag(model, "");
    postAs(
            "alice",
            "registered-models/alias",
            Map.of("name", model, "alias", "champion", "version", "1"))
        .statusCode(200);
    assertThat(etag(model, "")).isNotEqualTo(tagged);
    delete("registered-models/alias", Map.of("name", model, "alias", "champion"))
        .statusCode(200);
    delete("registered-models/delete-tag", Map.of("name", model, "key", "k")).statusCode(200);
    delete("model-versions/delete-tag", Map.of("name", model, "version", "1", "key", "k"))
        .statusCode(200);

    assertThat(text(model, "", "updated_at")).isEqualTo(changed);
    assertThat(text(model, "/versions/1", "updated_at")).isEqualTo(versionChanged);
  }

  @Test
  void anotherNameIsAnUpdateOfEachVersion() {
    String model = newModel();
    newVersion(model);
    newVersion(model);
    String revision = etag(model, "/versions/2");
    openPolicy(model);
    String renamed = model + "-renamed";

    post("registered-models/rename", Map.of("name", model, "new_name", renamed)).statusCode(200);

    String changed = text(renamed, "", "updated_at");
    assertThat(text(renamed, "/versions/1", "updated_at")).isEqualTo(changed);
    assertThat(text(renamed, "/versions/2", "updated_at")).isEqualTo(changed);
    assertThat(etag(renamed, "/versions/2")).isNotEqualTo(revision);
  }

  @Test
  void anAliasMayHaveLettersOfAnyAlphabet() {
    String model = newModel();
    newVersion(model);

    postAs(
            "alice",
            "registered-models/alias",
            Map.of("name", model, "alias", "größte-改善", "version", "1"))
        .statusCode(200);
    get("registered-models/alias", Map.of("name", model, "alias", "größte-改善"))
        .statusCode(200)
        .body("model_version.version", equalTo("1"));
  }

  @Test
  void aTagKeyThatWouldBeAnotherPathIsRefusedWithThatPath() {
    String model = newModel();
    for (String[] key : new String[][] {{"..foo", "..foo"}, {"a//b", "a/b"}, {"a/./b", "a/b"}}) {
      post("registered-models/set-tag", Map.of("name", model, "key", key[0], "value", "v"))
          .statusCode(400)
          .body("error_code", equalTo("INVALID_PARAMETER_VALUE"))
          .body("message", containsString("This name would resolve to '" + key[1] + "'"));
    }
  }

  @Test
  void optionalFieldsOfABodyGoByBothOfTheirNames() {
    String model = newModel();
    openPolicy(model);
    newVersion(model);
    newVersion(model);
    MlflowRegistry.move(model, 1, "Staging").statusCode(200);

    post(
            "model-versions/transition-stage",
            Map.of(
                "name", model, "version", "2", "stage", "Staging", "archiveExistingVersions", true))
        .statusCode(200);
    get("model-versions/get", Map.of("name", model, "version", "1"))
        .body("model_version.current_stage", equalTo("Archived"));
    post("registered-models/rename", Map.of("name", model, "newName", model + "-x"))
        .statusCode(400)
        .body("message", containsString("Missing value for required parameter 'new_name'"));
  }

  private static String text(String model, String below, String field) {
    return given()
        .get("/api/v1/models/" + model + below)
        .then()
        .statusCode(200)
        .extract()
        .path(field);
  }

  private static String etag(String model, String below) {
    return given().get("/api/v1/models/" + model + below).then().extract().header("ETag");
  }
}
