package dev.slipway.registry.webhook;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends one delivery once. Where it goes is checked when it connects, each time; it follows no redirect and uses no proxy, as
 * either would go where nobody has looked.
 */
@ApplicationScoped
class Receiver {
  private static final MediaType JSON = MediaType.get("application/json");
  /** As much of an answer as anyone looks at. */
  private static final long MOST_OF_AN_ANSWER = 4096;

  private final OkHttpClient client;
  private final Clock clock;

  Receiver(WebhookConfig config, Clock clock) {
    this.clock = clock;
    this.client = new OkHttpClient.Builder()
        .socketFactory(new GuardedSockets(
            address -> config.allowInsecure() || PublicAddresses.contains(address)))
        .proxy(Proxy.NO_PROXY)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .callTimeout(config.timeout())
        .readTimeout(config.timeout())
        .build();
  }

  /** @param secret null for an unsigned delivery */
  record Message(String deliveryId, String url, String body, String secret) {}

  /**
   * @param status 0 when there was no answer
   * @param retryAfter what the receiver asked for; null for nothing
   * @param error why there was no answer; null when there was one
   */
  record Answer(int status, String body, Duration retryAfter, String error) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  Answer send(Message message) {
    long timestamp = clock.instant().getEpochSecond();
    try {
      Request.Builder request = new Request.Builder()
          .url(message.url())
          .header("User-Agent", "Slipway")
          .header("X-MLflow-Delivery-Id", message.deliveryId())
          .header("X-MLflow-Timestamp", String.valueOf(timestamp))
          .post(RequestBody.create(message.body().getBytes(StandardCharsets.UTF_8), JSON));
      if (message.secret() != null) {
        request.header(
            "X-MLflow-Signature",
            Signature.of(message.secret(), message.deliveryId(), timestamp, message.body()));
      }
      try (Response response = client.newCall(request.build()).execute()) {
        return new Answer(
            response.code(),
            response.peekBody(MOST_OF_AN_ANSWER).string(),
            seconds(response.header("Retry-After")).orElse(null),
            null);
      }
    } catch (IOException | IllegalArgumentException failed) {
      return new Answer(
          0, null, null, failed.getMessage() == null ? "no answer" : failed.getMessage());
    }
  }

  private static Optional<Duration> seconds(String header) {
    return header != null && header.matches("\\d{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
        : Optional.empty();
  }

  @PreDestroy
  void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
