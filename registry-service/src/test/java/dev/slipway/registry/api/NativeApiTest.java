package dev.slipway.registry.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.artifact.Digest;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class NativeApiTest {

  private static RequestSpecification alice() {
    return given().header("X-Slipway-User", "alice").contentType("application/json");
  }

  private static void model(String name) {
    alice().body(Map.of("name", name)).post("/api/v1/models").then().statusCode(201);
  }

  private static int version(String model) {
    return alice()
        .body("{}")
        .post("/api/v1/models/" + model + "/versions")
        .then()
        .statusCode(201)
        .extract()
        .path("version");
  }

  @Test
  void aFolderIsUploadedCompletedAndReadBack() {
    model("folder");
    version("folder");
    byte[] content = "weights".getBytes(StandardCharsets.UTF_8);
    String files = "/api/v1/models/folder/versions/1/files/";
    given()
        .header("X-Slipway-User", "alice")
        .header("X-Content-Sha256", Digest.of(content).hex())
        .body(content)
        .contentType("application/octet-stream")
        .put(files + "deep/weights.bin")
        .then()
        .statusCode(201)
        .body("size", equalTo(7))
        .body("digest", equalTo(Digest.of(content).value()));
    given()
        .body("graph".getBytes(StandardCharsets.UTF_8))
        .contentType("application/octet-stream")
        .put(files + "model.onnx")
        .then()
        .statusCode(201);

    alice()
        .body("{}")
        .post("/api/v1/models/folder/versions/1/complete")
        .then()
        .statusCode(200)
        .body("status", equalTo("READY"))
        .body("total_size", equalTo(12))
        .body("format", equalTo("onnx"))
        .body("servable.state", equalTo("unknown"));

    given()
        .header("Range", "bytes=2-4")
        .get(files + "deep/weights.bin")
        .then()
        .statusCode(206)
        .header("Content-Range", "bytes 2-4/7")
        .body(equalTo("igh"));
    given().get(files + "../../../x").then().statusCode(404);
    given()
        .body("x".getBytes(StandardCharsets.UTF_8))
        .contentType("application/octet-stream")
        .put(files + "model.onnx")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("urn:slipway:problem:version-complete"));
    given().get("/api/v1/models/folder/versions/1/files").then().body("files", hasSize(2));
  }

  @Test
  void aBodyThatIsNotWhatWasPromisedLeavesNothing() {
    model("promised");
    version("promised");
    given()
        .header("X-Content-Sha256", Digest.of(new byte[1]).hex())
        .body("other".getBytes(StandardCharsets.UTF_8))
        .contentType("application/octet-stream")
        .put("/api/v1/models/promised/versions/1/files/a.bin")
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:slipway:problem:digest-mismatch"));
    given().get("/api/v1/models/promised/versions/1/files").then().body("files", hasSize(0));
    alice()
        .body("{}")
        .post("/api/v1/models/promised/versions/1/complete")
        .then()
        .statusCode(409)
        .body("detail", containsString("no files"));
  }

  @Test
  void aReprDigestIsHeldAgainstTheBody() {
    model("repr");
    version("repr");
    byte[] content = "weights".getBytes(StandardCharsets.UTF_8);
    String right = PromisedDigest.reprDigest(Digest.of(content));
    String wrong = PromisedDigest.reprDigest(Digest.of(new byte[1]));
    putWithReprDigest("repr", content, wrong)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:slipway:problem:digest-mismatch"));
    putWithReprDigest("repr", content, "sha-256=:AAAA:").then().statusCode(400);
    putWithReprDigest("repr", content, "sha-512=:AAAA:, " + right).then().statusCode(201);
    given()
        .get("/api/v1/models/repr/versions/1/files/a.bin")
        .then()
        .statusCode(200)
        .header("Repr-Digest", right);
  }

  private static Response putWithReprDigest(String model, byte[] content, String header) {
    return given()
        .header("Repr-Digest", header)
        .body(content)
        .contentType("application/octet-stream")
        .put("/api/v1/models/" + model + "/versions/1/files/a.bin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%2e%2e/x", "a/%2e%2e/%2e%2e/x", "..%2fx", "a%5c..%5cx", "%2fetc%2fpasswd", "a%00b"
      })
  void anEncodedWayOutOfTheFolderIsRefusedAndNothingIsKept(String path) {
    String name = "encoded-" + Integer.toHexString(path.hashCode());
    model(name);
    version(name);
    given()
        .urlEncodingEnabled(false)
        .body("x".getBytes(StandardCharsets.UTF_8))
        .contentType("application/octet-stream")
        .put("/api/v1/models/" + name + "/versions/1/files/" + path)
        .then()
        .statusCode(anyOf(is(400), is(404)))
        .contentType("application/problem+json");
    given().get("/api/v1/models/" + name + "/versions/1/files").then().body("files", hasSize(0));
  }

  @Test
  void completeRefusesAnotherManifestThanWasUploadedAndSaysHow() {
    model("differs");
    version("differs");
    given()
        .body("abc".getBytes(StandardCharsets.UTF_8))
        .contentType("application/octet-stream")
        .put("/api/v1/models/differs/versions/1/files/a")
        .then()
        .statusCode(201);
    alice()
        .body(Map.of(
            "files",
            java.util.List.of(Map.of(
                "path",
                "b",
                "size",
                3,
                "digest",
                Digest.of("abc".getBytes(StandardCharsets.UTF_8)).value()))))
        .post("/api/v1/models/differs/versions/1/complete")
        .then()
        .statusCode(409)
        .body("detail", containsString("'b' is expected and was not uploaded"));
    alice()
        .get("/api/v1/models/differs/versions/1")
        .then()
        .body("status", equalTo("PENDING_REGISTRATION"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"\"}",
        "{\"name\":\"a/b\"}",
        "{\"name\":\"..\"}",
        "{\"name\":\"a\\u0000b\"}",
        "{}",
        "[]",
        "{\"name\":",
        "not json",
        "{\"name\":{\"a\":1}}"
      })
  void aBadNameOrBodyIs400AsProblem(String body) {
    alice()
        .body(body)
        .post("/api/v1/models")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", org.hamcrest.Matchers.not(containsString("dev.slipway")))
        .body("detail", org.hamcrest.Matchers.not(containsString("java.")));
  }

  @Test
  void aNameOf300CharactersIsRefusedAndAnEmojiIsAccepted() {
    alice().body(Map.of("name", "x".repeat(300))).post("/api/v1/models").then().statusCode(400);
    alice().body(Map.of("name", "fraud 🚢")).post("/api/v1/models").then().statusCode(201);
    alice()
        .get("/api/v1/models/{name}", "fraud 🚢")
        .then()
        .statusCode(200)
        .body("name", equalTo("fraud 🚢"));
  }

  @Test
  void unknownRoutesMethodsAndMediaTypesAreProblems() {
    given().get("/api/v1/nothing").then().statusCode(404).contentType("application/problem+json");
    given().delete("/api/v1/models").then().statusCode(405).contentType("application/problem+json");
    given()
        .contentType("text/plain")
        .body("x")
        .post("/api/v1/models")
        .then()
        .statusCode(415)
        .contentType("application/problem+json");
    given()
        .get("/api/v1/models/never-made")
        .then()
        .statusCode(404)
        .body("model", equalTo("never-made"));
  }

  @Test
  void aLargeBodyWhereNoneIsExpectedIs413() {
    alice()
        .body("{\"name\":\"" + "x".repeat(17 << 20) + "\"}")
        .post("/api/v1/models")
        .then()
        .statusCode(413);
  }

  @Test
  void theSameKeyAnswersTheSameAndAnotherBodyIs422() {
    var first =
        alice().header("Idempotency-Key", "k1").body(Map.of("name", "once")).post("/api/v1/models");
    first.then().statusCode(201);
    alice()
        .header("Idempotency-Key", "k1")
        .body(Map.of("name", "once"))
        .post("/api/v1/models")
        .then()
        .statusCode(201)
        .header("Idempotency-Replayed", "true")
        .body(equalTo(first.asString()));
    alice()
        .header("Idempotency-Key", "k1")
        .body(Map.of("name", "once-more"))
        .post("/api/v1/models")
        .then()
        .statusCode(422);
    given().get("/api/v1/models/once-more").then().statusCode(404);
  }

  @Test
  void concurrentTwinsCreateOneVersionEach() throws Exception {
    model("numbers");
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var made = IntStream.range(0, 12)
          .mapToObj(i -> threads.submit((Callable<Integer>) () -> {
            start.await();
            return version("numbers");
          }))
          .toList();
      start.countDown();
      var numbers = new java.util.TreeSet<Integer>();
      for (var future : made) {
        numbers.add(future.get());
      }
      assertThat(numbers).hasSize(12);
    }
  }

  @Test
  void anEtagThatIsNotTheLatestIs412() {
    model("etag");
    String etag = given().get("/api/v1/models/etag").header("ETag");
    alice()
        .header("If-Match", etag)
        .body(Map.of("description", "new"))
        .patch("/api/v1/models/etag")
        .then()
        .statusCode(200);
    alice()
        .header("If-Match", etag)
        .body(Map.of("description", "newer"))
        .patch("/api/v1/models/etag")
        .then()
        .statusCode(412);
  }

  @Test
  void aliasesAndTagsAreSetReadAndRemoved() {
    model("named");
    version("named");
    alice()
        .body(Map.of("version", 1))
        .put("/api/v1/models/named/aliases/champion")
        .then()
        .statusCode(200)
        .body("aliases.champion", equalTo(1));
    alice()
        .body(Map.of("version", 1))
        .put("/api/v1/models/named/aliases/v1")
        .then()
        .statusCode(400);
    alice()
        .body(Map.of("version", 9))
        .put("/api/v1/models/named/aliases/c")
        .then()
        .statusCode(404);
    alice().delete("/api/v1/models/named/aliases/champion").then().statusCode(204);
    alice()
        .body(Map.of("value", "a"))
        .put("/api/v1/models/named/tags/squad")
        .then()
        .statusCode(200);
    given()
        .queryParam("tag", "squad:a")
        .get("/api/v1/models")
        .then()
        .body("models.name", equalTo(java.util.List.of("named")));
    alice().delete("/api/v1/models/named").then().statusCode(204);
    given().get("/api/v1/models/named").then().statusCode(404);
  }

  @Test
  void aTagValueMayBeLong() {
    model("long-tag");
    var random = new java.util.Random(7);
    String value = random
        .ints(50_000, ' ', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();

    alice()
        .body(Map.of("value", value))
        .put("/api/v1/models/long-tag/tags/notes")
        .then()
        .statusCode(200)
        .body("tags.notes", equalTo(value));
  }
}
