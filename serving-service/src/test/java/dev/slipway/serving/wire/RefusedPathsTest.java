package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for of a version that is there, and what each protocol says of a path or method that is not. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class RefusedPathsTest {
  private static final String ONE_FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";

  @Inject
  FixtureServables servables;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  @ParameterizedTest
  @ValueSource(strings = {"staging", "next"})
  void aLabelOfTensorFlowServingHasStatusAndMetadata(String label) {
    String path = "/v1/models/iris-logreg/labels/" + label;
    assertThat(Gateway.get(path).json().at("/model_version_status/0/version").asText())
        .isEqualTo("2");
    assertThat(Gateway.get(path + "/metadata").json().at("/model_spec/version").asText())
        .isEqualTo("2");
    Answer missing = Gateway.get("/v1/models/iris-logreg/labels/nothing");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.json().get("error").asText()).isNotBlank();
  }

  /** As KServe lists them. */
  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/v2/models", "/v2/models?ready=true"})
  void theModelsThatAreServedAreListed(String path) {
    Answer answer = Gateway.get(path);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.json().fieldNames()).toIterable().containsExactly("models");
    assertThat(answer.json().get("models"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(servables.models())
        .contains("iris-logreg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models/iris-logreg:classify",
        "/v1/models/iris-logreg:regress",
        "/v1/models/iris-logreg/versions/1:classify",
        "/v1/models/iris-logreg/labels/next:regress"
      })
  void theVerbsThatAreNotOfferedSaySo(String path) {
    Answer answer = Gateway.post(path, "{\"examples\":[{}]}");
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.json().get("error").asText()).contains("not offered", ":predict");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/nothing,error",
    "/v1/models/a/b/c,error",
    "/v2/nothing,error",
    "/v2/models/mlp/nothing,error",
    "/v2/health,error",
    "/models/mlp/nothing,detail",
    "/nothing,detail"
  })
  void aPathThatNothingAnswersIsRefusedInItsProtocolsForm(String path, String field) {
    Answer answer = Gateway.get(path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().get(field).asText()).contains(path);
    assertThat(answer.header("X-Request-Id")).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/models/mlp:predict,error",
    "/v2/models/mlp/infer,error",
    "/models/mlp/predict,detail",
    "/models/mlp/invocations,message",
    "/invocations,message"
  })
  void aMethodThatIsNotAnsweredIsRefusedInItsProtocolsForm(String path, String field) {
    Answer answer = Gateway.get(path);
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).contains("POST");
    assertThat(answer.json().get(field).asText()).contains("POST", "GET");
  }

  /** Each was an error with a stack trace in the log. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v2/models/mlp/infer||error",
        "/v1/nothing||error",
        "/models/mlp/predict||detail",
        "/invocations||message",
        "/q/metrics||detail",
        "/v2/health/live|Host: not a host|error",
        "/v2/health/live|Host: a:b|error"
      })
  void aRequestWithoutAHostIsRefusedInItsProtocolsForm(String path, String header, String field)
      throws IOException {
    var warnings = new Warnings();
    Logger root = Logger.getLogger("");
    root.addHandler(warnings);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      String head = "POST " + path + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n"
          + (header == null ? "" : header + "\r\n") + "\r\n{}";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 400 ")
          .containsIgnoringCase("\r\nx-request-id: ")
          .containsPattern("\"" + field + "\":\"[^\"]*'Host' header is required")
          .doesNotContain("stack");
    } finally {
      root.removeHandler(warnings);
    }
    assertThat(warnings.lines).isEmpty();
  }

  @Test
  void aResourcesOtherMethodsAreRefusedToo() {
    Answer answer = Gateway.get("/v2/repository/index");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.json().get("error").asText()).contains("does not answer GET");
    assertThat(Gateway.post("/v1/models/mlp", "{}").json().get("error").asText())
        .contains("does not answer POST");
  }

  @Test
  void aRefusedBodyDoesNotHoldUpTheNextRequest() {
    String large = " ".repeat(1 << 20);
    for (int i = 0; i < 3; i++) {
      assertThat(Gateway.post("/v1/models/mlp:classify", large).status()).isEqualTo(501);
    }
  }

  @ParameterizedTest
  @CsvSource({"version=2,200", "alias=next,200", "stage=staging,200", "version=9,404", "stage=x,400"
  })
  void whatIsSaidOfAModelIsOfTheVersionThatTheQueryNames(String query, int status) {
    for (String path : new String[] {"/v2/models/iris-logreg", "/v2/models/iris-logreg/ready"}) {
      assertThat(Gateway.get(path + "?" + query).status()).as(path).isEqualTo(status);
    }
    assertThat(Gateway.post("/v2/models/iris-logreg/infer?" + query, ONE_FLOWER).status())
        .isEqualTo(status);
  }

  @Test
  void metadataIsOfTheVersionThatTheQueryNames() {
    Gateway.get("/v2/models/iris-logreg?alias=next");
    assertThat(servables.selector()).isEqualTo(new VersionSelector.Alias("next"));
    Gateway.get("/v2/models/iris-logreg/ready?version=2");
    assertThat(servables.selector()).isEqualTo(new VersionSelector.Exact(2));
  }

  @Test
  void theAnswersBodyNamesTheDigest() {
    Answer answer = Gateway.post("/v2/models/iris-logreg/infer", ONE_FLOWER);
    assertThat(answer.json().at("/parameters/slipway_digest").asText())
        .isEqualTo(answer.header("X-Slipway-Digest"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip|true",
        "gzip;q=0|false",
        "gzip; q=0.0|false",
        "deflate, gzip;q=0|false",
        "gzip;q=0, deflate|false",
        "gzip;q=0.001|true",
        "*|true",
        "*;q=0|false",
        "*;q=0, GZIP|true",
        "identity|false",
        "gzippy|false"
      })
  void whatTheCallerDoesNotTakeIsNotPacked(String accept, boolean packed) {
    Answer answer = Gateway.post(
        "/models/mlp/predict",
        "[" + row() + ("," + row()).repeat(49) + "]",
        "Accept-Encoding",
        accept);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Encoding")).isEqualTo(packed ? "gzip" : null);
  }

  private static String row() {
    return "[" + "0.5,".repeat(63) + "0.5]";
  }
}
