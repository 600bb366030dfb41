package dev.slipway.registry.external;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStoreException;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.common.testing.TestMinio;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Against a bucket of a real MinIO that is not the registry's own store. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class CopyTest {
  private static final String MLMODEL = """
      flavors:
        onnx: {data: model.onnx}
      signature:
        inputs: '[{"name": "X", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 4]}}]'
        outputs: '[{"name": "Y", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
      """;

  private static final int MOST_BYTES = 1 << 16;

  private final StoreSettings.S3 theirs = TestMinio.shared().freshBucket();

  @Test
  void aVersionWhoseFilesAreInABucketHasThemHereAfterTheCopyAsAfterAnUpload() {
    open(theirs.bucket());
    put("models/churn/MLmodel", MLMODEL);
    put("models/churn/model.onnx", "weights");
    put("models/churn/extra/notes.txt", "notes");
    put("models/churn-other/model.onnx", "another model");
    String source = "s3://" + theirs.bucket() + "/models/churn/";
    String model = version(source);
    get(model, "").body("digest", nullValue()).body("servable.state", equalTo("no"));

    start(model).statusCode(202).body("started_by", equalTo("alice"));
    ended(model, "done").body("files", equalTo(3)).body("files_done", equalTo(3));

    get(model, "")
        .body("digest", notNullValue())
        .body("source", equalTo(source))
        .body("format", equalTo("onnx"))
        .body("servable.state", equalTo("unknown"))
        .body("signature.inputs[0].name", equalTo("X"));
    get(model, "/files")
        .body("files.path", equalTo(List.of("MLmodel", "extra/notes.txt", "model.onnx")))
        .body(
            "files[2].digest",
            equalTo(Digest.of("weights".getBytes(StandardCharsets.UTF_8)).value()));
    get(model, "/files/model.onnx").body(equalTo("weights"));
    given()
        .queryParams(Map.of("name", model, "version", "1"))
        .get("/api/2.0/mlflow/model-versions/get-download-uri")
        .then()
        .body("artifact_uri", containsString("mlflow-artifacts:/"));
    given()
        .queryParam("object", "model/" + model + "/version/1")
        .get("/api/v1/audit")
        .then()
        .body("entries.action", hasItem("version.copy"));
    start(model).statusCode(200).body("state", equalTo("done"));
  }

  @Test
  void aCopyThatCannotBeMadeChangesNothingAndSaysWhy() {
    put("broken/first", "a file");
    put("broken/second", "another file");
    var buckets = new ExternalBuckets(new Config(theirs, List.of(theirs.bucket()))) {
      @Override
      InputStream open(Place place, Found file) {
        if (file.path().value().equals("second")) {
          throw new ObjectStoreException.Unreachable("second", "it went away", null);
        }
        return super.open(place, file);
      }
    };
    QuarkusMock.installMockForType(buckets, ExternalBuckets.class);
    String model = version("s3://" + theirs.bucket() + "/broken");

    start(model).statusCode(202);
    ended(model, "failed")
        .body("error", containsString("it went away"))
        .body("files_done", equalTo(1));
    get(model, "").body("digest", nullValue()).body("status", equalTo("READY"));
    get(model, "/files").body("files", equalTo(List.of()));

    put("large/model.onnx", "x".repeat(MOST_BYTES + 1));
    String large = version("s3://" + theirs.bucket() + "/large");
    start(large).statusCode(202);
    ended(large, "failed").body("error", containsString("slipway.external.s3.max-bytes"));
    String nothing = version("s3://" + theirs.bucket() + "/no/such/folder");
    start(nothing).statusCode(202);
    ended(nothing, "failed").body("error", containsString("there is nothing at"));
  }

  @Test
  void aFailedCopyIsStartedAnewByTheSameCall() {
    open(theirs.bucket());
    String model = version("s3://" + theirs.bucket() + "/late/model.onnx");
    start(model).statusCode(202);
    ended(model, "failed");

    put("late/model.onnx", "at last");
    start(model).statusCode(202);
    ended(model, "done").body("error", nullValue());
    get(model, "/files").body("files.path", equalTo(List.of("model.onnx")));
  }

  @Test
  void aVersionThatWaitsForItsFilesIsCompleteWithTheCopyUnlessFilesWereUploaded() {
    open(theirs.bucket());
    put("native/model.onnx", "weights");
    String model = waiting("s3://" + theirs.bucket() + "/native");

    start(model).statusCode(202);
    ended(model, "done");
    get(model, "").body("status", equalTo("READY")).body("digest", notNullValue());
    get(model, "/files").body("files.path", equalTo(List.of("model.onnx")));

    String uploaded = waiting("s3://" + theirs.bucket() + "/native");
    given()
        .contentType("application/octet-stream")
        .body("another".getBytes(StandardCharsets.UTF_8))
        .put(path(uploaded, "/files/other.onnx"))
        .then()
        .statusCode(201);
    start(uploaded)
        .statusCode(409)
        .body("type", containsString("version-pending"))
        .body("detail", containsString("complete it with those"));
    get(uploaded, "").body("status", equalTo("PENDING_REGISTRATION"));
  }

  @Test
  void onlyConfiguredBucketsAreReadAndOnlyByName() {
    String model = version("s3://" + theirs.bucket() + "/models/closed");
    start(model)
        .statusCode(409)
        .body("type", containsString("external-copy-off"))
        .body("detail", containsString("slipway.external.s3.url"));

    open("another-bucket");
    start(model).statusCode(409).body("type", containsString("external-bucket-closed"));
    given().post(path(model, "/copy")).then().statusCode(403);
    get(model, "/copy").statusCode(404);
    String elsewhere = version("gs://bucket/models/churn");
    start(elsewhere).statusCode(409).body("type", containsString("source-not-external"));
  }

  @Test
  void theVersionsPageOffersTheCopy() {
    open(theirs.bucket());
    put("paged/model.onnx", "weights");
    String model = version("s3://" + theirs.bucket() + "/paged");

    given()
        .accept("text/html")
        .header("X-Slipway-User", "alice")
        .get("/models/" + model + "/versions/1")
        .then()
        .statusCode(200)
        .body(containsString("<button>Copy into the registry</button>"));
    given()
        .accept("text/html")
        .get("/models/" + model + "/versions/1")
        .then()
        .body(containsString("say who you are"));
  }

  private static String path(String model, String below) {
    return "/api/v1/models/" + model + "/versions/1" + below;
  }

  private static ValidatableResponse get(String model, String below) {
    return given().get(path(model, below)).then();
  }

  private static ValidatableResponse start(String model) {
    return given().header("X-Slipway-User", "alice").post(path(model, "/copy")).then();
  }

  private static ValidatableResponse ended(String model, String state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(get(model, "/copy").extract().<String>path("state"))
            .isNotEqualTo("running"));
    return get(model, "/copy").body("state", equalTo(state));
  }

  private static String version(String source) {
    String model = "copy-" + UUID.randomUUID();
    given()
        .contentType("application/json")
        .body(Map.of("name", model))
        .post("/api/2.0/mlflow/registered-models/create")
        .then()
        .statusCode(200);
    given()
        .contentType("application/json")
        .body(Map.of("name", model, "source", source))
        .post("/api/2.0/mlflow/model-versions/create")
        .then()
        .statusCode(200);
    return model;
  }

  private static String waiting(String source) {
    String model = "copy-" + UUID.randomUUID();
    given()
        .contentType("application/json")
        .body(Map.of("name", model))
        .post("/api/v1/models")
        .then()
        .statusCode(201);
    given()
        .contentType("application/json")
        .body(Map.of("source", source))
        .post("/api/v1/models/" + model + "/versions")
        .then()
        .statusCode(201)
        .body("status", equalTo("PENDING_REGISTRATION"));
    return model;
  }

  private void put(String key, String content) {
    try (ObjectStore bucket = ObjectStores.open(theirs)) {
      bucket.put(key, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void open(String bucket) {
    QuarkusMock.installMockForType(
        new ExternalBuckets(new Config(theirs, List.of(bucket))), ExternalBuckets.class);
  }

  private record Config(StoreSettings.S3 theirs, List<String> open) implements ExternalConfig {
    @Override
    public Optional<URI> url() {
      return Optional.of(theirs.url());
    }

    @Override
    public Optional<String> accessKey() {
      return Optional.of(theirs.accessKey());
    }

    @Override
    public Optional<String> secretKey() {
      return Optional.of(theirs.secretKey());
    }

    @Override
    public String region() {
      return theirs.region();
    }

    @Override
    public Optional<List<String>> buckets() {
      return Optional.of(open);
    }

    @Override
    public long maxBytes() {
      return MOST_BYTES;
    }

    @Override
    public int maxFiles() {
      return 100;
    }
  }
}
