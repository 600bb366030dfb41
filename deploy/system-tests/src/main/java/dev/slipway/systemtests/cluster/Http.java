package dev.slipway.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;

/** Plain calls, each as some user. */
public final class Http {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(5))
      .executor(Executors.newVirtualThreadPerTaskExecutor())
      .build();

  private Http() {}

  public static Answer get(URI url) {
    return send(HttpRequest.newBuilder(url).GET());
  }

  /** Sends {@code body} as JSON; null for none. */
  public static Answer json(String method, URI url, String user, Object body) {
    return send(HttpRequest.newBuilder(url)
        .header("X-Slipway-User", user)
        .header("Content-Type", "application/json")
        .method(
            method,
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.write(body))));
  }

  /** Sends a body of any kind. */
  public static Answer raw(String method, URI url, String contentType, BodyPublisher body) {
    return send(
        HttpRequest.newBuilder(url).header("Content-Type", contentType).method(method, body));
  }

  /**
   * @throws UncheckedIOException when no answer came
   */
  public static Answer send(HttpRequest.Builder request) {
    try {
      var response = CLIENT.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
