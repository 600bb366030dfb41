package dev.slipway.launcher.demo;

import com.google.protobuf.ByteString;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.client.GrpcInfer;
import dev.slipway.launcher.stack.StackState;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The story's flower, asked about in every protocol that the gateway has code of its own for. */
final class Protocols implements AutoCloseable {
  private static final float[] FLOWER = {6.0f, 2.7f, 5.1f, 1.6f};
  private static final String ROW = "[6.0, 2.7, 5.1, 1.6]";
  private static final String OIP = "/v2/models/iris/infer";
  private static final String LENGTH = "Inference-Header-Content-Length";
  private static final int PATIENCE_SECONDS = 60;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ManagedChannel channel;
  private final List<HttpRequest> overHttp;
  private final byte[] overGrpc;

  Protocols(StackState state) {
    URI serving = URI.create(state.servingUrl());
    this.overHttp = List.of(
        json(serving, "/models/iris/predict", "{\"rows\": [" + ROW + "]}"),
        json(serving, OIP, "{\"inputs\": [" + tensor("\"data\": " + ROW) + "]}"),
        binary(serving),
        json(serving, "/models/iris/invocations", "{\"inputs\": [" + ROW + "]}"),
        json(serving, "/v1/models/iris:predict", "{\"instances\": [" + ROW + "]}"));
    this.channel =
        OkHttpChannelBuilder.forTarget(state.grpcAddress()).usePlaintext().build();
    this.overGrpc = GrpcInfer.request(
        "iris",
        List.of(new GrpcInfer.Input(
            "X", "FP32", List.of(1L, (long) FLOWER.length), ByteString.copyFrom(raw()))));
  }

  private static HttpRequest json(URI serving, String path, String body) {
    return to(serving, path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /** By Triton's binary tensor extension, both ways. */
  private static HttpRequest binary(URI serving) {
    String head = "{\"inputs\": ["
        + tensor("\"parameters\": {\"binary_data_size\": " + FLOWER.length * Float.BYTES + "}")
        + "], \"parameters\": {\"binary_data_output\": true}}";
    byte[] json = head.getBytes(StandardCharsets.UTF_8);
    return to(serving, OIP)
        .header("Content-Type", "application/octet-stream")
        .header(LENGTH, Integer.toString(json.length))
        .POST(BodyPublishers.concat(
            BodyPublishers.ofByteArray(json), BodyPublishers.ofByteArray(raw())))
        .build();
  }

  private static HttpRequest.Builder to(URI serving, String path) {
    return HttpRequest.newBuilder(serving.resolve(path))
        .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
  }

  private static String tensor(String data) {
    return "{\"name\": \"X\", \"datatype\": \"FP32\", \"shape\": [1, 4], " + data + "}";
  }

  private static byte[] raw() {
    ByteBuffer raw =
        ByteBuffer.allocate(FLOWER.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(FLOWER);
    return raw.array();
  }

  /** Asks once in each. Any answer but a good one ends it. */
  void ask() throws InterruptedException {
    for (HttpRequest request : overHttp) {
      try {
        var response = http.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
          throw refused(request.uri(), new String(response.body(), StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        throw refused(request.uri(), e);
      }
    }
    try {
      var _ = ClientCalls.blockingUnaryCall(
          channel,
          GrpcInfer.METHOD,
          CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
          overGrpc);
    } catch (StatusRuntimeException e) {
      throw refused("gRPC", e.getStatus());
    }
  }

  private static CommandFailure refused(Object asked, Object answer) {
    return CommandFailure.refused(asked + " answered " + answer);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    http.close();
  }
}
