package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that come to one event loop together are answered by one run, each with what is its own, over real connections. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class LoopBatchHttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = FixtureServables.TOGETHER;
  private static final int CALLERS = 48;
  private static final int BAD = 7;
  private static final int GONE = 11;

  @Inject
  FixtureServables servables;

  @Inject
  RequestMemory memory;

  @Inject
  MeterRegistry meters;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
    await().untilAsserted(() -> assertThat(memory.held()).isZero());
  }

  private void connect() throws IOException {
    for (int i = 0; i < CALLERS; i++) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      sockets.add(socket);
    }
  }

  private void ask(int caller) throws IOException {
    String body = "{\"id\":\"c" + caller
        + "\",\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":["
        + (caller == BAD ? "\"?\"" : caller) + "," + -caller + "]}]}";
    String request = "POST /v2/models/" + MODEL + "/infer HTTP/1.1\r\nHost: h\r\nX-Request-Id: r"
        + caller + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    sockets.get(caller).getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private String answer(int caller) throws IOException {
    var in = sockets.get(caller).getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("of an answer").isNotNegative();
      head.append((char) next);
    }
    String fields = head.toString();
    assertThat(fields).contains("r" + caller + "\r\n");
    int at = fields.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    int length = Integer.parseInt(
        fields.substring(at + "content-length: ".length(), fields.indexOf("\r\n", at)));
    assertThat(fields).startsWith(caller == BAD ? "HTTP/1.1 400 " : "HTTP/1.1 200 ");
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private void everybodyAsks() throws IOException {
    for (int caller = 0; caller < CALLERS; caller++) {
      ask(caller);
    }
    sockets.get(GONE).close();
    for (int caller = 0; caller < CALLERS; caller++) {
      if (caller == GONE) {
        continue;
      }
      JsonNode answer = JSON.readTree(answer(caller));
      if (caller == BAD) {
        assertThat(answer.get("error").asText()).contains("input");
      } else {
        assertThat(answer.get("id").asText()).isEqualTo("c" + caller);
        JsonNode output = answer.at("/outputs/0");
        assertThat(output.get("shape").toString()).isEqualTo("[1,2]");
        assertThat(output.at("/data/0").asInt()).isEqualTo(caller);
        assertThat(output.at("/data/1").asInt()).isEqualTo(-caller);
      }
    }
    var again = new Socket(InetAddress.getLoopbackAddress(), port);
    again.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    sockets.set(GONE, again);
  }

  /** How many go together is the machine's affair: they ask until some did. */
  @Test
  void theyShareARunAndNotTheirAnswers() throws IOException {
    connect();
    await().atMost(Duration.ofSeconds(60)).until(() -> {
      everybodyAsks();
      return sharedOnTheLoop() > 0;
    });
  }

  /** Requests that were another's company, but for those that may have waited for a run on another thread. */
  private double sharedOnTheLoop() {
    var sizes =
        meters.find("slipway_predict_batch_requests").tag("model", MODEL).summary();
    var waits = meters.find("slipway_predict_batch_wait").tag("model", MODEL).timer();
    return sizes == null ? 0 : sizes.totalAmount() - sizes.count() - waits.count();
  }
}
