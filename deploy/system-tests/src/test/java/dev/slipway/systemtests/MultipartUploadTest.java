package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** MLflow's multipart calls against a real MinIO: parts go straight to the store, and what a lost answer repeats does no harm. */
class MultipartUploadTest {
  /** All parts but the last have at least 5 MiB in S3. */
  private static final String FIRST = "a".repeat(5 << 20);

  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(ClusterPlan.usual()
        .withServings(0)
        .withRegistrySettings(Map.of("slipway.gc.every", "1s", "slipway.gc.delay", "1s")));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aCompletedFileIsThereAndStaysWhenItIsCompletedOrAbortedAgain() {
    JsonNode begun = begin("whole.txt", 2);
    List<Object> parts = send(begun, FIRST, "end of whole");

    finish("complete", "whole.txt", begun, parts).expect(200);
    finish("complete", "whole.txt", begun, parts).expect(200);
    finish("abort", "whole.txt", begun, List.of()).expect(200);

    assertThat(read("whole.txt").expect(200).body()).isEqualTo(FIRST + "end of whole");
  }

  @Test
  void aFileWhoseBytesWereHereBeforeIsCompletedAgainLikeAnyOther() {
    for (String file : List.of("one.txt", "twin.txt")) {
      JsonNode begun = begin(file, 1);
      List<Object> parts = send(begun, "the bytes of both");

      finish("complete", file, begun, parts).expect(200);
      finish("complete", file, begun, parts).expect(200);

      assertThat(read(file).expect(200).body()).isEqualTo("the bytes of both");
    }
  }

  @Test
  void anAbortedFileIsNeverThereAndCompletingItIsAConflict() {
    JsonNode begun = begin("dropped.txt", 1);
    List<Object> parts = send(begun, "dropped");

    finish("abort", "dropped.txt", begun, List.of()).expect(200);
    finish("abort", "dropped.txt", begun, List.of()).expect(200);

    Answer refused = finish("complete", "dropped.txt", begun, parts).expect(409);
    assertThat(refused.text("error_code")).isEqualTo("RESOURCE_CONFLICT");
    assertThat(read("dropped.txt").status()).isEqualTo(404);
  }

  @Test
  void partsThatTheStoreHasNotAreTheCallersMistakeAndTheUploadGoesOn() {
    JsonNode begun = begin("again.txt", 1);
    List<Object> parts = send(begun, "again");

    Answer refused = finish(
            "complete",
            "again.txt",
            begun,
            List.of(RegistryApi.body("part_number", 1, "etag", "0123456789abcdef")))
        .expect(400);
    assertThat(refused.text("error_code")).isEqualTo("BAD_REQUEST");
    finish("complete", "again.txt", begun, parts).expect(200);

    assertThat(read("again.txt").expect(200).body()).isEqualTo("again");
  }

  private static JsonNode begin(String file, int parts) {
    return call("create", RegistryApi.body("path", file, "num_parts", parts))
        .expect(200)
        .json();
  }

  /** PUTs each part to its link. Answers what completing names. */
  private static List<Object> send(JsonNode begun, String... contents) {
    List<Object> parts = new ArrayList<>();
    for (String content : contents) {
      URI link = URI.create(begun.at("/credentials/" + parts.size() + "/url").asText());
      Answer stored = Http.raw(
              "PUT", link, "application/octet-stream", BodyPublishers.ofString(content))
          .expect(200);
      parts.add(RegistryApi.body(
          "part_number",
          parts.size() + 1,
          "etag",
          stored.headers().firstValue("ETag").orElseThrow()));
    }
    return parts;
  }

  private static Answer finish(String how, String file, JsonNode begun, List<?> parts) {
    return call(
        how,
        RegistryApi.body(
            "path", file, "upload_id", begun.path("upload_id").asText(), "parts", parts));
  }

  private static Answer call(String what, Map<String, Object> body) {
    return cluster
        .registry()
        .post("/api/2.0/mlflow-artifacts/mpu/" + what + "/parts", RegistryApi.AUTHOR, body);
  }

  private static Answer read(String file) {
    return Http.get(
        cluster.registry().url().resolve("/api/2.0/mlflow-artifacts/artifacts/parts/" + file));
  }
}
