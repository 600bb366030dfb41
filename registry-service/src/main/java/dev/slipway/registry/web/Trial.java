package dev.slipway.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Unavailable;
import dev.slipway.registry.release.Replicas;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks a gateway for a version's answer, for somebody at a browser. Only where a connected replica says that it can be reached, and
 * only for what that replica says it has: no address comes from the form.
 */
@ApplicationScoped
class Trial {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_SHOWN = 64 * 1024;

  private final Replicas replicas;
  private final ObjectMapper json;
  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(2))
      .followRedirects(HttpClient.Redirect.NEVER)
      .build();

  Trial(Replicas replicas, ObjectMapper json) {
    this.replicas = replicas;
    this.json = json;
  }

  @PreDestroy
  void close() {
    http.shutdownNow();
  }

  /** The form as it is before anything is asked. */
  TryView form(VersionView version) {
    return form(version, ExampleBody.of(version.signature()), null);
  }

  /**
   * The form with what the gateway answered.
   *
   * @throws Conflict when no connected gateway has the version
   * @throws Unavailable when the gateway does not answer
   */
  TryView ask(Caller caller, VersionView version, String body) {
    ReplicaReport replica =
        replica(version).orElseThrow(() -> new Conflict("not-loaded", obstacle(version)));
    HttpRequest.Builder request = HttpRequest.newBuilder(address(replica, version))
        .timeout(PATIENCE)
        .header("Content-Type", type(body))
        .POST(BodyPublishers.ofString(body));
    if (!caller.isAnonymous()) {
      request.header("X-Slipway-User", caller.name());
    }
    if (caller.requestId() != null) {
      request.header("X-Request-Id", caller.requestId());
    }
    long begin = System.nanoTime();
    try {
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        byte[] bytes = in.readNBytes(MOST_SHOWN + 1);
        return form(version, body, answer(replica, answer, bytes, System.nanoTime() - begin));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Unavailable("the gateway " + replica.replica() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted", e);
    }
  }

  private TryView form(VersionView version, String body, TryView.Answer answer) {
    return replica(version)
        .map(it -> new TryView(
            "", body, command(address(it, version), body.isEmpty() ? "{}" : body), answer))
        .orElseGet(() -> new TryView(obstacle(version), body, "", answer));
  }

  private TryView.Answer answer(
      ReplicaReport replica, HttpResponse<?> answer, byte[] bytes, long nanos) {
    boolean cut = bytes.length > MOST_SHOWN;
    String text = new String(bytes, 0, Math.min(bytes.length, MOST_SHOWN), StandardCharsets.UTF_8);
    return new TryView.Answer(
        answer.statusCode(),
        answer.statusCode() == 200,
        replica.replica(),
        String.format(Locale.ROOT, "%.1f ms", nanos / 1e6),
        answer.headers().firstValue("X-Slipway-Version").orElse(""),
        answer.headers().firstValue("X-Slipway-Digest").orElse(""),
        cut ? text : pretty(text),
        cut);
  }

  private String pretty(String text) {
    try {
      return json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(text));
    } catch (JsonProcessingException notJson) {
      return text;
    }
  }

  private Optional<ReplicaReport> replica(VersionView version) {
    return replicas.list().stream()
        .filter(Replicas.Status::connected)
        .map(Replicas.Status::report)
        .filter(it -> it.url() != null && it.url().matches("https?://.+"))
        .filter(it -> it.loaded().stream()
            .anyMatch(loaded -> loaded.model().equals(version.model())
                && loaded.version() == version.number()
                && loaded.digest().equals(version.digest())
                && loaded.state() == ReplicaReport.State.READY))
        .findFirst();
  }

  private static String obstacle(VersionView version) {
    return "no connected gateway has version " + version.number()
        + " loaded. Gateways load what is live, on standby, on its way to be live, or in Staging where the model's settings say so";
  }

  private static URI address(ReplicaReport replica, VersionView version) {
    return URI.create(replica.url().replaceFirst("/+$", "")
        + Links.version(version.model(), version.number()) + "/predict");
  }

  /** A table with a header, or JSON. */
  private static String type(String body) {
    String text = body.strip();
    return text.isEmpty() || text.startsWith("{") || text.startsWith("[")
        ? "application/json"
        : "text/csv";
  }

  private static String command(URI address, String body) {
    return "curl -H 'Content-Type: " + type(body) + "' --data-binary '" + body.replace("'", "'\\''")
        + "' " + address;
  }
}
