package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a predict path does besides predicting. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class PredictRoutesTest {
  private static final String BODY = "{\"inputs\":[[5.1,3.5,1.4,0.2]]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/models/iris-logreg/infer",
        "/v2/models/iris-logreg/versions/1/infer",
        "/models/iris-logreg/predict",
        "/models/iris-logreg/versions/1/predict",
        "/models/iris-logreg/invocations",
        "/models/iris-logreg/versions/1/invocations",
        "/invocations",
        "/v1/models/iris-logreg:predict",
        "/v1/models/iris-logreg/versions/1:predict",
        "/v1/models/iris-logreg/labels/Production:predict"
      })
  void anyMethodButPostIsRefusedAndThePathIsDescribed(String path) {
    Gateway.Answer answer = Gateway.get(path);

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("POST");
    String described = path.replace("iris-logreg", "{model}")
        .replace("versions/1", "versions/{version}")
        .replace("labels/Production", "labels/{label}");
    assertThat(Gateway.get("/q/openapi?format=json")
            .json()
            .path("paths")
            .path(described)
            .has("post"))
        .isTrue();
  }

  /** curl asks so before it sends more than a megabyte, and else waits a second. */
  @Test
  void aCallerWhoAsksBeforeSendingIsToldToGoOn() throws IOException {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      var lines = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String head = """
          POST /models/iris-logreg/predict HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Content-Length: %d\r
          Expect: 100-continue\r
          \r
          """.formatted(BODY.length());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(lines.readLine()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(lines.readLine()).isEmpty();

      socket.getOutputStream().write(BODY.getBytes(StandardCharsets.US_ASCII));

      assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }
  }
}
