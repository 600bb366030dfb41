package dev.slipway.systemtests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The registry's native API, as the tests call it. */
public record RegistryApi(URI url) {
  public static final String AUTHOR = "alice";
  public static final String REVIEWER = "bob";
  public static final String ADMIN = "root";
  private static final Set<String> FINAL = Set.of("converged", "unconfirmed", "not_heard_from");

  public Answer createModel(String name) {
    return post("/api/v1/models", AUTHOR, Map.of("name", name));
  }

  /** A new version with these files, complete. Answers its number. */
  public int addVersion(String model, Map<String, Path> files) {
    int number = post(pathOf(model) + "/versions", AUTHOR, Map.of())
        .expect(201)
        .json()
        .path("version")
        .asInt();
    files.forEach((path, file) -> putFile(model, number, path, file).expect(201));
    complete(model, number).expect(200);
    return number;
  }

  /** A new version with one {@code model.onnx}, complete. Answers its number. */
  public int addVersion(String model, byte[] onnx) {
    int number = beginVersion(model);
    put(model, number, "model.onnx", BodyPublishers.ofByteArray(onnx)).expect(201);
    complete(model, number).expect(200);
    return number;
  }

  /** A new version without files. Answers its number. */
  public int beginVersion(String model) {
    return post(pathOf(model) + "/versions", AUTHOR, Map.of())
        .expect(201)
        .json()
        .path("version")
        .asInt();
  }

  public Answer putFile(String model, int version, String path, Path file) {
    try {
      return put(model, version, path, BodyPublishers.ofFile(file));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Answer put(String model, int version, String path, HttpRequest.BodyPublisher body) {
    return Http.raw(
        "PUT",
        url.resolve(pathOf(model, version) + "/files/" + path),
        "application/octet-stream",
        body);
  }

  public Answer complete(String model, int version) {
    return post(pathOf(model, version) + "/complete", AUTHOR, Map.of());
  }

  public Answer getVersion(String model, int number) {
    return Http.get(url.resolve(pathOf(model, number)));
  }

  public Answer getModel(String name, String below) {
    return Http.get(url.resolve(pathOf(name) + below));
  }

  public Answer request(String model, int version, String to, String user) {
    return post(pathOf(model) + "/requests", user, Map.of("version", version, "to", to));
  }

  /** approve, reject or withdraw. */
  public Answer decide(long request, String verdict, String user) {
    return post(
        "/api/v1/requests/" + request + "/" + verdict, user, Map.of("comment", "by a test"));
  }

  public Answer rollback(String model, String user) {
    return post(pathOf(model) + "/rollback", user, Map.of("reason", "by a test"));
  }

  public Answer putPolicy(String model, Map<String, ?> policy) {
    return Http.json("PUT", url.resolve(pathOf(model) + "/policy"), ADMIN, policy);
  }

  public Answer putSettings(String model, Map<String, ?> settings) {
    return Http.json("PUT", url.resolve(pathOf(model) + "/settings"), AUTHOR, settings);
  }

  /** What each gateway should have, and has. */
  public JsonNode replicas() {
    return Http.get(url.resolve("/api/v1/replicas")).expect(200).json();
  }

  public Answer release(long id) {
    return Http.get(url.resolve("/api/v1/releases/" + id));
  }

  /** Lets the model's versions go to Production without an approval. */
  public void waiveApprovals(String model) {
    needsApprovals(model, 0);
  }

  /** Lets the model's versions go to Production with so many approvals and all of {@code checks} green; to Staging with nothing. */
  public void needsApprovals(String model, int approvals, String... checks) {
    putPolicy(
            model,
            body(
                "mode",
                "reviewed",
                "moves",
                body(
                    "Staging",
                    body("approvals", 0),
                    "Production",
                    body("approvals", approvals, "checks", List.of(checks)))))
        .expect(200);
  }

  /** To Staging, then asks for Production; answers the request as it stands then. */
  public Answer askForProduction(String model, int version) {
    request(model, version, "Staging", AUTHOR).expect(201);
    return request(model, version, "Production", AUTHOR);
  }

  /** Takes a version live under a policy of no approvals, and waits for its release to end. Answers the release. */
  public JsonNode promote(String model, int version) {
    JsonNode asked = askForProduction(model, version).expect(201).json();
    return awaitRelease(asked);
  }

  /** Waits for the release of a request to be failed, or live with every gateway's word on it; 60 s at most. */
  public JsonNode awaitRelease(JsonNode asked) {
    long id = asked.path("id").asLong();
    for (int look = 0; look < 3000; look++) {
      JsonNode request =
          Http.get(url.resolve("/api/v1/requests/" + id)).expect(200).json();
      String release = request.path("release_id").asText();
      if (!release.isEmpty()) {
        JsonNode found =
            Http.get(url.resolve("/api/v1/releases/" + release)).expect(200).json();
        if (settled(found)) {
          return found;
        }
      } else if (List.of("failed", "rejected", "superseded")
          .contains(request.path("state").asText())) {
        throw new AssertionError("the request ended without a release: " + request);
      }
      pause();
    }
    throw new AssertionError("no release within 60 s for " + asked);
  }

  private static boolean settled(JsonNode release) {
    if (release.path("state").asText().equals("live")) {
      return release
          .path("replicas")
          .valueStream()
          .allMatch(replica -> FINAL.contains(replica.path("state").asText()));
    }
    return release.path("state").asText().equals("failed");
  }

  /** The number of the live version; 0 when none is. */
  public int live(String model) {
    return getModel(model, "").expect(200).json().path("live_version").asInt();
  }

  public Answer post(String path, String user, Object body) {
    return Http.json("POST", url.resolve(path), user, body);
  }

  /** The parts of a body, in the order given. */
  public static Map<String, Object> body(Object... pairs) {
    Map<String, Object> body = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      body.put(pairs[i].toString(), pairs[i + 1]);
    }
    return body;
  }

  public static String pathOf(String name) {
    return "/api/v1/models/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public static String pathOf(String model, int number) {
    return pathOf(model) + "/versions/" + number;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
