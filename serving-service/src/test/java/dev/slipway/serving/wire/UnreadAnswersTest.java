package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A caller who sends one request behind the other and does not read: the gateway must not keep all answers for it. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class UnreadAnswersTest {
  private static final String MODEL = "identity-fp32";
  private static final int REQUESTS = 200;
  /** Of one request, and a little more of its answer: all together ten times what sockets take that nobody reads. */
  private static final int NUMBERS = 1 << 16;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void answersThatNobodyReadsHoldTheNextRequestBackAndNoneIsLost() throws Exception {
    long before = Answered.of(MODEL);
    var warnings = new Warnings();
    Logger.getLogger("").addHandler(warnings);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
      Thread sender = Thread.ofVirtual().start(() -> send(socket));

      assertThat(Answered.awaitTheLastBeyond(before, MODEL) - before).isLessThan(REQUESTS / 2);

      for (int i = 0; i < REQUESTS; i++) {
        assertThat(answer(socket.getInputStream())).as("answer %d", i).contains(" 200 ");
      }
      sender.join();
    } finally {
      Logger.getLogger("").removeHandler(warnings);
    }
    assertThat(warnings.lines)
        .as("errors in the log")
        .noneMatch(line -> line.getLevel().intValue() >= Level.SEVERE.intValue());
  }

  private static void send(Socket socket) {
    byte[] body = ("{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1," + NUMBERS
            + "],\"data\":" + Arrays.toString(new int[NUMBERS]).replace(" ", "") + "}]}")
        .getBytes(StandardCharsets.US_ASCII);
    byte[] head = ("POST /v2/models/" + MODEL
            + "/infer HTTP/1.1\r\nHost: h\r\nContent-Type: application/json"
            + "\r\nContent-Length: " + body.length + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
    try {
      for (int i = 0; i < REQUESTS; i++) {
        socket.getOutputStream().write(head);
        socket.getOutputStream().write(body);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads one answer; its status line. */
  private static String answer(InputStream in) throws IOException {
    String status = line(in);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    in.skipNBytes(length);
    return status;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
