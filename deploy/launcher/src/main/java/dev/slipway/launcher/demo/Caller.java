package dev.slipway.launcher.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Makes the story's calls, shows them, and ends the story when one is not answered as it should be. */
final class Caller {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = WireJson.mapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Narrator narrator;

  Caller(Narrator narrator) {
    this.narrator = narrator;
  }

  /** An answer: the JSON of the body, and the version that a prediction's header names. */
  record Reply(JsonNode json, String version) {}

  /** Sends JSON as {@code user}, shows the call and {@code fields} of the answer, and checks the status. */
  Reply json(String method, URI url, String user, Object body, int expected, String... fields) {
    String text = body == null ? null : write(body);
    HttpRequest.Builder request = HttpRequest.newBuilder(url)
        .method(method, text == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
    if (text != null) {
      request.header("Content-Type", "application/json");
    }
    narrator.call(method, user, url.toString(), text, null);
    return send(request, user, expected, true, fields);
  }

  /** Sends a file. */
  Reply upload(URI url, String user, Path file, int expected, String... fields) throws IOException {
    narrator.call("PUT", user, url.toString(), null, file);
    HttpRequest.Builder request = HttpRequest.newBuilder(url).PUT(BodyPublishers.ofFile(file));
    return send(request, user, expected, true, fields);
  }

  /** Looks, without showing it. */
  Reply look(URI url) {
    return send(HttpRequest.newBuilder(url).GET(), null, 200, false);
  }

  private Reply send(
      HttpRequest.Builder request, String user, int expected, boolean shown, String... fields) {
    if (user != null) {
      request.header(
          "Authorization",
          "Basic "
              + Base64.getEncoder().encodeToString((user + ":").getBytes(StandardCharsets.UTF_8)));
    }
    HttpRequest ready = request.timeout(PATIENCE).build();
    long begin = System.nanoTime();
    try {
      var response = http.send(ready, BodyHandlers.ofString());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      JsonNode json = read(response.body());
      if (shown) {
        String brief = fields.length == 0 ? response.body().strip() : Narrator.fields(json, fields);
        narrator.answer(response.statusCode(), millis, brief);
      }
      if (response.statusCode() != expected) {
        throw CommandFailure.refused(ready.method() + " " + ready.uri() + " answered "
            + response.statusCode() + ", and the story needs " + expected + ": " + response.body());
      }
      return new Reply(json, response.headers().firstValue("X-Slipway-Version").orElse("?"));
    } catch (IOException e) {
      throw CommandFailure.refused(ready.method() + " " + ready.uri() + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.refused("interrupted");
    }
  }

  private static String write(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonNode read(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
