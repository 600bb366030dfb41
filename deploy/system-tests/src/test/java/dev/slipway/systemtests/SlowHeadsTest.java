package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Callers who send a byte of a head now and then hold no connection of the packaged services. */
class SlowHeadsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Map<String, Object> IMPATIENT = Map.of("slipway.http.head-timeout", "PT1S");

  @Test
  void headsThatTrickleInAreGivenUpOnEveryPort() throws IOException {
    ClusterPlan plan = ClusterPlan.usual()
        .withDirectory()
        .withRegistrySettings(IMPATIENT)
        .withServingSettings(IMPATIENT);
    try (Cluster cluster = Cluster.start(plan)) {
      String head = "GET / HTTP/1.1\r\nX-Slow: ";
      assertThat(trickle(cluster.registry().url().getPort(), head)).startsWith("HTTP/1.1 408 ");
      assertThat(trickle(cluster.servings().getFirst().url().getPort(), head))
          .startsWith("HTTP/1.1 408 ");
      String address = cluster.grpcAddress();
      int grpc = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      trickle(grpc, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\077\377\1\0\0\0\0\1");
    }
  }

  /** Sends one more byte again and again until the other side hangs up; what it said meanwhile. */
  private static String trickle(int port, String start) throws IOException {
    var said = new StringBuilder();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoTimeout(50);
      long began = System.nanoTime();
      while (System.nanoTime() - began < PATIENCE.toNanos()) {
        try {
          int came = socket.getInputStream().read();
          if (came < 0) {
            return said.toString();
          }
          said.append((char) came);
        } catch (SocketTimeoutException _) {
          socket.getOutputStream().write('a');
        }
      }
    } catch (SocketException hungUp) {
      return said.toString();
    }
    throw new AssertionError("still connected after " + PATIENCE);
  }
}
