package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.newExperiment;
import static dev.slipway.registry.mlflow.Mlflow.newRun;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ArtifactsTest {
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";

  private static void put(String path, String content) {
    given()
        .body(content.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .put(PROXY + "/" + path)
        .then()
        .statusCode(200);
  }

  @Test
  void filesOfAVersionThatWasPushedAreReadByItsDownloadUriAndNeverWritten() {
    String model = "pushed-" + UUID.randomUUID();
    String versions = "/api/v1/models/" + model + "/versions";
    post("registered-models/create", Map.of("name", model)).statusCode(200);
    given().contentType("application/json").body("{}").post(versions).then().statusCode(201);
    given().body("weights").put(versions + "/1/files/data/w.bin").then().statusCode(201);
    given()
        .contentType("application/json")
        .body("{}")
        .post(versions + "/1/complete")
        .then()
        .statusCode(200);

    String uri = get("model-versions/get-download-uri", Map.of("name", model, "version", "1"))
        .extract()
        .path("artifact_uri");
    String folder = uri.replaceFirst("^mlflow-artifacts:/", "");

    given()
        .queryParam("path", folder + "/data")
        .get(PROXY)
        .then()
        .body("files.path", equalTo(List.of("w.bin")));
    given().get(PROXY + "/" + folder + "/data/w.bin").then().statusCode(200).body(is("weights"));
    given().get(PROXY + "/" + folder + "/none").then().statusCode(404);
    given()
        .body("other")
        .put(PROXY + "/" + folder + "/data/w.bin")
        .then()
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    given().delete(PROXY + "/" + folder).then().statusCode(400);
    given().get(PROXY + "/" + folder + "/data/w.bin").then().body(is("weights"));
  }

  @Test
  void filesAreListedReadInRangesAndDeleted() {
    String root = "any-" + UUID.randomUUID();
    put(root + "/a/b.txt", "0123456789");
    put(root + "/a/c/d.txt", "x");
    put(root + "/a/b.txt", "9876543210");

    given()
        .queryParam("path", root + "/a")
        .get(PROXY)
        .then()
        .body("files.path", equalTo(List.of("b.txt", "c")))
        .body("files.is_dir", equalTo(List.of(false, true)))
        .body("files[0].file_size", equalTo(10));
    given()
        .get(PROXY + "/" + root + "/a/b.txt")
        .then()
        .statusCode(200)
        .body(is("9876543210"))
        .header("Content-Disposition", "attachment; filename=b.txt")
        .header("X-Content-Type-Options", "nosniff");
    given()
        .header("Range", "bytes=2-4")
        .get(PROXY + "/" + root + "/a/b.txt")
        .then()
        .statusCode(206)
        .header("Content-Range", "bytes 2-4/10")
        .body(is("765"));
    given()
        .header("Range", "bytes=10-")
        .get(PROXY + "/" + root + "/a/b.txt")
        .then()
        .statusCode(416);

    given().delete(PROXY + "/" + root + "/a").then().statusCode(200);
    given().delete(PROXY + "/" + root + "/a").then().statusCode(200);
    given()
        .get(PROXY + "/" + root + "/a/b.txt")
        .then()
        .statusCode(404)
        .body("error_code", equalTo("RESOURCE_DOES_NOT_EXIST"));
    given().queryParam("path", root).get(PROXY).then().statusCode(200).body("files", nullValue());
  }

  @Test
  void aRunsFilesAreFoundThroughTheRun() {
    String experiment = newExperiment();
    String run = newRun(experiment);
    put(experiment + "/" + run + "/artifacts/model/MLmodel", "flavors");

    get("artifacts/list", Map.of("run_id", run, "path", "model"))
        .statusCode(200)
        .body("root_uri", equalTo("mlflow-artifacts:/" + experiment + "/" + run + "/artifacts"))
        .body("files[0].path", equalTo("model/MLmodel"));
    given()
        .queryParams(Map.of("run_uuid", run, "path", "model/MLmodel"))
        .get("/get-artifact")
        .then()
        .statusCode(200)
        .body(is("flavors"));
    given()
        .queryParams(Map.of("run_id", run, "path", "model"))
        .get("/get-artifact")
        .then()
        .statusCode(404);
    given()
        .queryParams(Map.of("run_id", run, "path", "../x"))
        .get("/get-artifact")
        .then()
        .statusCode(400)
        .body("message", equalTo("Invalid path"));
  }

  @Test
  void aSmallFileIsUploadedToItsRunByEitherNameOfTheRunsId() {
    String run = newRun(newExperiment());
    for (String name : List.of("run_id", "run_uuid")) {
      given()
          .queryParams(Map.of(name, run, "path", name + ".txt"))
          .body("small".getBytes(StandardCharsets.UTF_8))
          .post("/ajax-api/2.0/mlflow/upload-artifact")
          .then()
          .statusCode(200);
    }
    get("artifacts/list", Map.of("run_id", run))
        .body("files.path", equalTo(List.of("run_id.txt", "run_uuid.txt")));
  }

  @Test
  void anUploadedFileCannotBeAFolderToo() {
    String root = "both-" + UUID.randomUUID();
    put(root + "/x", "file");

    given()
        .body("y".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .put(PROXY + "/" + root + "/x/y")
        .then()
        .statusCode(409)
        .body("error_code", equalTo("RESOURCE_CONFLICT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..%2f..%2fetc%2fpasswd",
        "/%252e%252e%252fx",
        "/a%5c..%5cb",
        "/a%23b",
        "/C:%2fx",
        "/a/%2e%2e/%2e%2e/x",
        "/%2fetc/passwd"
      })
  void pathsThatLeaveTheTreeAreNeverServed(String path) {
    given().urlEncodingEnabled(false).get(PROXY + path).then().statusCode(anyOf(is(400), is(404)));
    given()
        .urlEncodingEnabled(false)
        .body(new byte[] {1})
        .put(PROXY + path)
        .then()
        .statusCode(anyOf(is(400), is(404), is(405)));
  }

  @Test
  void aStoreWithoutLinksSaysSo() {
    given()
        .get("/ajax-api/3.0/mlflow/server-info")
        .then()
        .body("multipart_uploads_enabled", is(false));
    given()
        .contentType("application/json")
        .body(Map.of("path", "x", "num_parts", 1))
        .post("/api/2.0/mlflow-artifacts/mpu/create/a")
        .then()
        .statusCode(501)
        .body("error_code", equalTo("NOT_IMPLEMENTED"))
        .body("message", startsWith("Multipart upload is not supported"));
    given().get("/health").then().body(is("OK"));
    given().get("/version").then().body(is("3.17.2"));
    given()
        .get("/api/3.0/mlflow/traces/tr-1")
        .then()
        .statusCode(501)
        .body("error_code", equalTo("NOT_IMPLEMENTED"));
    for (String path : List.of("/v1/traces", "/ajax-api/2.0/mlflow/runs/create-promptlab-run")) {
      given()
          .contentType("application/x-protobuf")
          .body(new byte[] {1})
          .post(path)
          .then()
          .statusCode(501)
          .body("error_code", equalTo("NOT_IMPLEMENTED"));
    }
  }

  @Test
  void aLoggedModelLivesFromPendingToDeleted() {
    String experiment = newExperiment();
    String id = post(
            "logged-models",
            Map.of(
                "experiment_id", experiment, "name", "m", "params", List.of(Mlflow.pair("p", "1"))))
        .statusCode(200)
        .body("model.info.status", equalTo("LOGGED_MODEL_PENDING"))
        .body("model.info.artifact_uri", containsString("/models/m-"))
        .extract()
        .path("model.info.model_id");
    put(experiment + "/models/" + id + "/artifacts/MLmodel", "f");
    String run = newRun(experiment);
    post(
            "runs/outputs",
            Map.of("run_id", run, "models", List.of(Map.of("model_id", id, "step", 3))))
        .statusCode(200);
    post(
            "runs/log-metric",
            Map.of(
                "run_id",
                run,
                "key",
                "acc",
                "value",
                0.9,
                "timestamp",
                1,
                "model_id",
                id,
                "dataset_name",
                "iris",
                "dataset_digest",
                "d"))
        .statusCode(200);

    given()
        .contentType("application/json")
        .body(Map.of("status", "LOGGED_MODEL_READY"))
        .patch("/api/2.0/mlflow/logged-models/" + id)
        .then()
        .body("model.info.status", equalTo("LOGGED_MODEL_READY"));
    given()
        .contentType("application/json")
        .body(Map.of("tags", List.of(Mlflow.pair("k", "v"))))
        .patch("/api/2.0/mlflow/logged-models/" + id + "/tags")
        .then()
        .statusCode(200);
    get("logged-models/" + id + "/artifacts/directories", Map.of())
        .body("files[0].path", equalTo("MLmodel"));
    get("logged-models/" + id + "/artifacts/files", Map.of("artifact_file_path", "MLmodel"))
        .body(is("f"));
    get("runs/get", Map.of("run_id", run)).body("run.outputs.model_outputs[0].step", equalTo(3));
    post(
            "logged-models/search",
            Map.of(
                "experiment_ids", List.of(experiment),
                "filter", "metrics.acc > 0.5 AND params.p = '1' AND tags.k = 'v'",
                "datasets", List.of(Map.of("dataset_name", "iris")),
                "order_by", List.of(Map.of("field_name", "metrics.acc", "ascending", false))))
        .statusCode(200)
        .body("models.info.model_id", equalTo(List.of(id)))
        .body("models[0].data.metrics[0].run_id", equalTo(run));

    given().delete("/api/2.0/mlflow/logged-models/" + id + "/tags/k").then().statusCode(200);
    given().delete("/api/2.0/mlflow/logged-models/" + id + "/tags/k").then().statusCode(404);
    given().delete("/api/2.0/mlflow/logged-models/" + id).then().statusCode(200);
    get("logged-models/" + id, Map.of()).statusCode(404);
    get("logged-models/" + id, Map.of("allow_deleted", "true")).statusCode(200);
  }

  @Test
  void aLoggedModelTokenBelongsToItsQuery() {
    String experiment = newExperiment();
    for (int i = 0; i < 2; i++) {
      post("logged-models", Map.of("experiment_id", experiment, "name", "m" + i))
          .statusCode(200);
    }
    String token = post(
            "logged-models/search", Map.of("experiment_ids", List.of(experiment), "max_results", 1))
        .extract()
        .path("next_page_token");

    post(
            "logged-models/search",
            Map.of("experiment_ids", List.of(experiment), "max_results", 1, "page_token", token))
        .statusCode(200)
        .body("next_page_token", nullValue());
    post(
            "logged-models/search",
            Map.of(
                "experiment_ids",
                List.of(experiment),
                "filter",
                "name = 'm0'",
                "page_token",
                token))
        .statusCode(400);
  }
}
