package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers whose bodies never end get an answer and lose their connection; others are served meanwhile. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class SlowCallersTest {
  private static final int CALLERS = 100;
  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static String sent(HttpClient client, int port, boolean whole) {
    RequestOptions options = new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI("/v2/models/iris-logreg/infer");
    return client
        .request(options)
        .compose(request -> {
          var ended = Promise.<Void>promise();
          request.exceptionHandler(ended::tryFail);
          request.connection().closeHandler(_ -> ended.tryFail("the connection was closed"));
          request.putHeader("Content-Length", String.valueOf(FLOWER.length()));
          if (whole) {
            request.end(FLOWER);
            ended.complete();
          } else {
            request.write(FLOWER.substring(0, 10));
          }
          return request
              .response()
              .compose(answer -> ended
                  .future()
                  .map("")
                  .otherwise(Throwable::toString)
                  .map(end -> answer.statusCode() + " " + end));
        })
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private Socket open(String start) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
    sockets.add(socket);
    return socket;
  }

  private static String head(long length) {
    return "POST /v2/models/iris-logreg/infer HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        + "Content-Length: " + length + "\r\n\r\n";
  }

  @Test
  void bodiesThatTrickleInAreGivenUp() throws IOException {
    for (int i = 0; i < CALLERS; i++) {
      open(head(FLOWER.length()) + FLOWER.substring(0, 1 + i % (FLOWER.length() - 1)));
    }
    assertThat(Gateway.post("/v2/models/iris-logreg/infer", FLOWER).status()).isEqualTo(200);
    for (Socket socket : sockets) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("did not arrive");
    }
  }

  @Test
  void whoIsRefusedAndSendsOnIsCutOff() throws IOException {
    Socket socket = open(head(ServesFixtures.MAX_BODY + 1L) + "{");
    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(answer).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void whoSharesAnHttp2ConnectionWithASlowCallerKeepsIt() {
    Vertx vertx = Vertx.vertx();
    try {
      HttpClient client = vertx.createHttpClient(new HttpClientOptions()
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setHttp2ClearTextUpgrade(false)
          .setHttp2MaxPoolSize(1));
      assertThat(sent(client, port, false)).startsWith("408 ").contains("reset");
      assertThat(sent(client, port, true)).isEqualTo("200 ");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void aBodyInPiecesIsTaken() throws IOException {
    Socket socket = open(head(FLOWER.length()) + FLOWER.substring(0, 10));
    await()
        .pollDelay(Duration.ofMillis(100))
        .until(() -> socket.getInputStream().available() == 0);
    socket.getOutputStream().write(FLOWER.substring(10).getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
  }
}
