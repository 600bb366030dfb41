package dev.slipway.launcher.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * Calls to one service. Every method throws {@link CommandFailure} when the answer is a refusal: a conflict (409, 412) with exit code 3, a
 * time-out (408, 504, or none came) with 4, all else with 1.
 */
public final class Api {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration UPLOAD = Duration.ofHours(6);

  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(5))
      .build();
  private final String base;
  private final Profile caller;
  private final Consumer<String> shown;

  /**
   * @param base the service's address
   * @param shown takes each call before it is made, as a curl command without secrets
   */
  public Api(String base, Profile caller, Consumer<String> shown) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.caller = caller;
    this.shown = shown;
  }

  public String base() {
    return base;
  }

  /** One segment of a path. */
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public JsonNode get(String path) {
    return send("GET", path, null);
  }

  /** @param body written as JSON; null for none */
  public JsonNode send(String method, String path, Object body) {
    String text = body == null ? null : write(body);
    return json(send(method, path, text == null ? null : "application/json", text, PATIENCE));
  }

  /**
   * Replaces what is there.
   *
   * @param seen what If-Match says; null for whatever is there
   */
  public JsonNode put(String path, Object body, Long seen) {
    String text = write(body);
    String match = seen == null ? null : "\"" + seen + "\"";
    shown.accept(curl() + " -X PUT"
        + (match == null ? "" : " -H " + quoted("If-Match: " + match))
        + data("application/json", text) + " " + quoted(base + path));
    HttpRequest.Builder request = request(path, PATIENCE)
        .header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofString(text));
    if (match != null) {
      request.header("If-Match", match);
    }
    return json(exchange(request.build(), BodyHandlers.ofString()));
  }

  /** Sends a body as it is. */
  public JsonNode send(String method, String path, String contentType, String body) {
    return json(send(method, path, contentType, body, PATIENCE));
  }

  /**
   * Puts a file's bytes.
   *
   * @param bytes read as they are sent
   * @param hex SHA-256 that they must have
   */
  public JsonNode put(String path, String name, BodyPublisher bytes, String hex) {
    shown.accept(curl() + " -T " + quoted(name) + " " + quoted(base + path));
    HttpRequest.Builder request = request(path, UPLOAD)
        .header("Content-Type", "application/octet-stream")
        .header("X-Content-Sha256", hex)
        .PUT(bytes);
    return json(exchange(request.build(), BodyHandlers.ofString()));
  }

  /** The bytes of a file from {@code from} on; the status tells whether the server heeded that (206) or not (200). */
  public HttpResponse<InputStream> download(String path, long from) {
    shown.accept(curl() + (from > 0 ? " -r " + from + "-" : "") + " -O " + quoted(base + path));
    HttpRequest.Builder request = request(path, UPLOAD).GET();
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    HttpResponse<InputStream> answer = exchange(request.build(), BodyHandlers.ofInputStream());
    if (answer.statusCode() / 100 != 2) {
      try (InputStream body = answer.body()) {
        throw refusal(answer, new String(body.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw CommandFailure.refused(path + ": " + e.getMessage());
      }
    }
    return answer;
  }

  private HttpResponse<String> send(
      String method, String path, String type, String body, Duration patience) {
    boolean implied = method.equals("GET") || (body != null && method.equals("POST"));
    shown.accept(
        curl() + (implied ? "" : " -X " + method) + data(type, body) + " " + quoted(base + path));
    HttpRequest.Builder request = request(path, patience)
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (type != null) {
      request.header("Content-Type", type);
    }
    return exchange(request.build(), BodyHandlers.ofString());
  }

  private static String data(String type, String body) {
    if (body == null) {
      return "";
    }
    return type.equals("application/json")
        ? " --json " + quoted(body)
        : " -H " + quoted("Content-Type: " + type) + " --data-binary " + quoted(body);
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(patience);
    String token = caller.token() == null ? "" : caller.token();
    if (caller.user() != null) {
      byte[] pair = (caller.user() + ":" + token).getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    } else if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private String curl() {
    if (caller.user() != null) {
      return "curl -u " + quoted(caller.user() + ":")
          + (caller.token() == null ? "" : "\"$SLIPWAY_TOKEN\"");
    }
    return caller.token() == null ? "curl" : "curl -H \"Authorization: Bearer $SLIPWAY_TOKEN\"";
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (HttpConnectTimeoutException | ConnectException e) {
      throw CommandFailure.away("nothing answers at " + base
          + ". `slipway up` starts a local stack; `slipway login URL` names another registry");
    } catch (HttpTimeoutException e) {
      throw CommandFailure.noAnswer("no answer from " + request.uri() + " in time");
    } catch (IOException e) {
      throw CommandFailure.away(request.method() + " " + request.uri() + " failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.refused("interrupted");
    }
  }

  private JsonNode json(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw refusal(answer, answer.body());
    }
    return read(answer.body());
  }

  private CommandFailure refusal(HttpResponse<?> answer, String body) {
    JsonNode problem = read(body);
    String detail = problem
        .path("detail")
        .asText(problem
            .path("title")
            .asText(
                problem.path("error").asText(answer.uri() + " answered " + answer.statusCode())));
    String slug = problem.path("type").asText().replaceFirst("^urn:slipway:problem:", "");
    String message = detail + (slug.isEmpty() ? "" : " [" + slug + "]");
    return switch (answer.statusCode()) {
      case 409, 412 -> CommandFailure.conflict(message);
      case 408, 504 -> CommandFailure.noAnswer(message);
      case 502, 503 -> CommandFailure.away(message);
      case 401, 403 ->
        CommandFailure.refused(
            caller.user() == null
                ? message + " (you called as nobody: `slipway login --as NAME` says who you are)"
                : message);
      default -> CommandFailure.refused(message);
    };
  }

  private static JsonNode read(String body) {
    try {
      JsonNode json = body.isBlank() ? null : JSON.readTree(body);
      return json == null ? JsonNodeFactory.instance.objectNode() : json;
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private static String write(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** As a POSIX shell reads it. */
  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./:@%=,+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
