package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.slipway.serving.wire.Gateway.Answer;
import dev.slipway.serving.wire.grpc.proto.GRPCInferenceServiceGrpc;
import dev.slipway.serving.wire.grpc.proto.InferTensorContents;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest.InferInputTensor;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What all requests hold together has an end: more is told to come back, small requests are answered meanwhile, nothing is left. */
@QuarkusTest
@TestProfile(ServesInLittleMemory.class)
class RequestMemoryTest {
  private static final int CALLERS = 40;
  private static final int LARGE = 300_000;
  private static final String PATH = "/v2/models/iris-logreg/infer";
  private static final String FLOWER =
      "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}]}";

  @Inject
  RequestMemory memory;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int grpcPort;

  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void whatWasHeldIsGivenBack() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    await().untilAsserted(() -> assertThat(memory.held()).isZero());
  }

  private Socket begin(int bytes) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    String head = "POST " + PATH + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        + "Content-Length: " + LARGE + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(" ".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String large() {
    return FLOWER + " ".repeat(LARGE);
  }

  @Test
  void whatIsOnlyAnnouncedTakesNothing() throws IOException {
    for (int i = 0; i < CALLERS; i++) {
      begin(1);
    }
    await().untilAsserted(() -> assertThat(memory.held()).isPositive());
    assertThat(Gateway.post(PATH, large()).status()).isEqualTo(200);
    // What a request held is given back just after its caller has the answer.
    await().untilAsserted(() -> assertThat(memory.held()).isLessThanOrEqualTo(CALLERS * 2048L));
  }

  @Test
  void bodiesThatFindNoRoomAreToldToComeBack() throws IOException {
    for (int i = 0; i < CALLERS; i++) {
      begin(LARGE - 1);
    }
    await().until(() -> refused() > 0);
    assertThat(memory.held()).isBetween(1L, (long) ServesInLittleMemory.BYTES);
    assertThat(Gateway.post(PATH, FLOWER).status()).as("a small request").isEqualTo(200);
  }

  private long refused() throws IOException {
    long refused = 0;
    for (Socket socket : sockets) {
      if (socket.getInputStream().available() > 0) {
        byte[] came = socket.getInputStream().readNBytes(socket.getInputStream().available());
        assertThat(new String(came, StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 503 ")
            .containsIgnoringCase("retry-after: 1")
            .contains("{\"error\":\"the gateway holds as many bytes");
        refused++;
      }
    }
    return refused;
  }

  @Test
  void unpackedBodiesArePaidForAndLimitedToo() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(large().getBytes(StandardCharsets.US_ASCII));
    }
    Answer answer = Gateway.post(PATH, packed.toByteArray(), "Content-Encoding", "gzip");
    assertThat(answer.status()).isEqualTo(200);
    byte[] tooLarge = new byte[ServesInLittleMemory.BYTES / 2 + 1];
    assertThat(Gateway.post(PATH, tooLarge).status()).isEqualTo(413);
  }

  @Test
  void aMessageThatFindsNoRoomEndsItsCall() {
    Vertx vertx = Vertx.vertx();
    try {
      HttpClient client = vertx.createHttpClient(new HttpClientOptions()
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setHttp2ClearTextUpgrade(false));
      HttpClientRequest first = message(client);
      await().until(() -> memory.held() == LARGE);
      HttpClientRequest second = message(client);
      await().until(() -> memory.held() == 2 * LARGE);
      var answer = message(client)
          .response()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
      assertThat(answer.getHeader("grpc-status")).as("RESOURCE_EXHAUSTED").isEqualTo("8");
      assertThat(answer.getHeader("x-request-id")).isNotBlank();
      first.reset();
      second.reset();
      await().untilAsserted(() -> assertThat(memory.held()).isZero());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** Four bytes of memory for each of the text. */
  @Test
  void aBodyThatNeverFindsRoomIsNotToldToComeBack() {
    Answer answer = Gateway.post(
        "/models/iris-logreg/predict",
        "a,b,c,d\n" + "5.1,3.5,1.4,0.2\n".repeat(LARGE / 20),
        "Content-Type",
        "text/csv");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Retry-After")).isNull();
    assertThat(answer.json().get("detail").asText())
        .contains("all large requests together may take 786432: send it in several");
  }

  @Test
  void aPackedMessageThatNeverFindsRoomIsNotToldToComeBack() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      ModelInferRequest request = ModelInferRequest.newBuilder()
          .setModelName("identity-fp32")
          .addRawInputContents(ByteString.copyFrom(new byte[2 * LARGE]))
          .build();
      var error = catchThrowableOfType(
          StatusRuntimeException.class,
          () -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .withCompression("gzip")
              .modelInfer(request));
      assertThat(error.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(error.getStatus().getDescription())
          .contains("may take 786432: send it in several");
    } finally {
      channel.shutdownNow();
    }
  }

  /** A hundred and fifty kilobytes on the wire, and more than a megabyte of numbers. */
  @Test
  void whatAMessageIsMadeIntoIsPaidForBeforeItIsMade() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      ModelInferRequest request = ModelInferRequest.newBuilder()
          .setModelName("identity-int64")
          .addInputs(InferInputTensor.newBuilder()
              .setName("input")
              .setDatatype("INT64")
              .addShape(1)
              .addShape(LARGE / 2)
              .setContents(InferTensorContents.newBuilder()
                  .addAllInt64Contents(Collections.nCopies(LARGE / 2, 1L))))
          .build();
      var error = catchThrowableOfType(
          StatusRuntimeException.class,
          () -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .modelInfer(request));
      assertThat(error.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(error.getStatus().getDescription())
          .contains("may take 786432: send it in several, or its tensors in raw_input_contents");
    } finally {
      channel.shutdownNow();
    }
  }

  /** A request whose message is not whole. */
  private HttpClientRequest message(HttpClient client) {
    HttpClientRequest request = client
        .request(new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(grpcPort)
            .setURI("/inference.GRPCInferenceService/ModelInfer")
            .putHeader("content-type", "application/grpc")
            .putHeader("te", "trailers"))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
    request.setChunked(true);
    request.write(
        Buffer.buffer().appendByte((byte) 0).appendInt(2 * LARGE).appendBytes(new byte[LARGE]));
    return request;
  }
}
