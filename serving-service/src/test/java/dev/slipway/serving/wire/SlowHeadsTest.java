package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.connection.SlowHeads;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Callers who send a byte now and then, and never a whole head, lose their connection, in each protocol: on the servers that Quarkus
 * starts, without Quarkus, whose test class loaders keep Netty from the services that it should find.
 */
class SlowHeadsTest {
  private static final int PACE_MILLIS = 50;
  private static final int LIMIT_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String HEALTH = "GET /v2/health/live HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";
  /** What begins a frame of headers of 16,383 bytes. */
  private static final String LONG_HEADERS = "\0\077\377\1\0\0\0\0\1";

  private static Vertx vertx;
  private static Server grpc;
  private static int port;
  private static int grpcPort;

  @BeforeAll
  static void listen() throws IOException {
    SlowHeads.switchOn();
    SlowHeads.limit(Duration.ofMillis(LIMIT_MILLIS));
    vertx = Vertx.vertx();
    port = vertx
        .createHttpServer(new HttpServerOptions().setIdleTimeout(75))
        .requestHandler(request -> request.response().end("well"))
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .actualPort();
    grpc = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .build()
        .start();
    grpcPort = grpc.getPort();
  }

  @AfterAll
  static void stop() {
    SlowHeads.limit(SlowHeads.DEFAULT_LIMIT);
    grpc.shutdownNow();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Socket open(int port, String start) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    send(socket, start);
    return socket;
  }

  private static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends {@code drop} again and again until the other side hangs up; what it said meanwhile. */
  private static String trickle(Socket socket, String drop) throws IOException {
    var said = new ByteArrayOutputStream();
    try {
      listen(socket, drop, said);
    } catch (IOException hungUp) {
      // In the middle of what was being sent.
    }
    return said.toString(StandardCharsets.US_ASCII);
  }

  private static void listen(Socket socket, String drop, ByteArrayOutputStream said)
      throws IOException {
    socket.setSoTimeout(PACE_MILLIS);
    long began = System.nanoTime();
    while (System.nanoTime() - began < PATIENCE.toNanos()) {
      try {
        int came = socket.getInputStream().read();
        if (came < 0) {
          return;
        }
        said.write(came);
      } catch (SocketTimeoutException _) {
        send(socket, drop);
      }
    }
    throw new AssertionError("still connected after " + PATIENCE + ", having said " + said);
  }

  private static String answer(Socket socket) throws IOException {
    socket.setSoTimeout((int) PATIENCE.toMillis());
    byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    return new String(status, StandardCharsets.US_ASCII);
  }

  @Test
  void aHeadThatTricklesInIsGivenUp() throws IOException {
    try (Socket socket = open(port, "GET /v2/health/live HTTP/1.1\r\nX-Slow: ")) {
      assertThat(trickle(socket, "a")).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void soIsARequestLineOfWhichOneByteCame() throws IOException {
    try (Socket socket = open(port, "P")) {
      assertThat(trickle(socket, "O")).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void soIsASecondHeadOnAConnectionThatWasGood() throws IOException {
    try (Socket socket = open(port, HEALTH)) {
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 200");
      assertThat(trickle(socket, "X")).contains("HTTP/1.1 408 ");
    }
  }

  @Test
  void soIsABodyThatNobodyReadsAfterItsAnswer() throws IOException {
    try (Socket socket =
        open(port, HEALTH.replace("\r\n\r\n", "\r\nContent-Length: 900\r\n\r\n"))) {
      assertThat(trickle(socket, "z")).startsWith("HTTP/1.1 ");
    }
  }

  @Test
  void soIsAnHttp2PrefaceOnBothPorts() throws IOException {
    for (int each : new int[] {port, grpcPort}) {
      try (Socket socket = open(each, "")) {
        int sent = 0;
        while (sent < PREFACE.length() && staysOpen(socket, 3 * PACE_MILLIS)) {
          send(socket, PREFACE.substring(sent, ++sent));
        }
        assertThat(sent).isLessThan(PREFACE.length());
      }
    }
  }

  @Test
  void soIsAnHttp2HeaderBlockThatNeverEnds() throws IOException {
    for (int each : new int[] {port, grpcPort}) {
      try (Socket socket = open(each, PREFACE + SETTINGS + LONG_HEADERS)) {
        assertThat(trickle(socket, "\u0082")).isNotEmpty().doesNotContain("200");
      }
    }
  }

  @Test
  void soIsWhoConnectsAndSaysNothing() throws IOException {
    try (Socket http = open(port, "");
        Socket rpc = open(grpcPort, "")) {
      assertThat(trickle(http, "")).isEmpty();
      assertThat(trickle(rpc, "")).doesNotContain("200");
    }
  }

  @Test
  void aHeadInPiecesIsTakenAndAQuietConnectionKept() throws IOException {
    try (Socket socket = open(port, HEALTH.substring(0, 2))) {
      assertThat(staysOpen(socket, PACE_MILLIS)).isTrue();
      send(socket, HEALTH.substring(2));
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 200");
      assertThat(staysOpen(socket, 3 * LIMIT_MILLIS / 2)).isTrue();
      send(socket, HEALTH);
      assertThat(answer(socket)).isEqualTo("HTTP/1.1 200");
    }
  }

  /** Reads what comes, until nothing did for so long; whether that was not the end. */
  private static boolean staysOpen(Socket socket, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return socket.getInputStream().transferTo(OutputStream.nullOutputStream()) < 0;
    } catch (SocketTimeoutException _) {
      return true;
    } catch (SocketException _) {
      return false;
    }
  }
}
