package dev.slipway.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.stack.StackState;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Register, review, promote, predict, roll back: the main job from end to end. Any answer that is not as expected ends it. */
public final class Story {
  private static final String MODELS = "/api/v1/models";
  static final String MODEL = MODELS + "/iris";
  private static final String PREDICT = "/models/iris/predict";
  private static final Map<String, ?> FLOWER = Map.of("rows", List.of(List.of(6.0, 2.7, 5.1, 1.6)));
  private static final String[] SPECIES = {"setosa", "versicolor", "virginica"};

  private final Narrator narrator;
  private final Caller caller;
  private final URI registry;
  private final URI serving;
  private final Path models;

  /**
   * @param models the folder that holds {@code iris-v1} and {@code iris-v2}
   * @param out where it is told
   */
  public Story(StackState state, Path models, PrintStream out) {
    this.narrator = new Narrator(out, wantsColour());
    this.caller = new Caller(narrator);
    this.registry = URI.create(state.registryUrl());
    this.serving = URI.create(state.servingUrl());
    this.models = models;
  }

  private static boolean wantsColour() {
    boolean terminal =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return terminal && System.getenv("NO_COLOR") == null;
  }

  /** Tells it. */
  public void tell() throws IOException, InterruptedException {
    narrator.step("Alice registers a model.");
    caller.json(
        "POST",
        registry.resolve(MODELS),
        "alice",
        Map.of("name", "iris"),
        201,
        "name",
        "created_by");

    narrator.step("Version 1 is a scikit-learn logistic regression, as ONNX.");
    release(1, models.resolve("iris-v1/model.onnx"));
    int first = predict(1);

    narrator.step("Version 2, a random forest, goes the same way.");
    release(2, models.resolve("iris-v2/model.onnx"));
    int second = predict(2);
    if (first == second) {
      throw CommandFailure.refused(
          "both versions say " + SPECIES[first] + ": the flower was chosen so that they differ");
    }

    narrator.step(
        "Version 2 was a mistake: one call puts version 1 back, while requests keep coming.");
    rollBack();
    predict(1);
    printRecords();
  }

  /** From upload to live, with the review that the policy asks for. */
  private void release(int version, Path model) throws IOException, InterruptedException {
    String versionUrl = MODEL + "/versions/" + version;
    caller.json(
        "POST", registry.resolve(MODEL + "/versions"), "alice", Map.of(), 201, "version", "status");
    caller.upload(
        registry.resolve(versionUrl + "/files/model.onnx"),
        "alice",
        model,
        201,
        "path",
        "size",
        "digest");
    caller.json(
        "POST",
        registry.resolve(versionUrl + "/complete"),
        "alice",
        Map.of(),
        200,
        "status",
        "format",
        "digest");

    narrator.step("To Staging (no approval needed), then she asks for Production.");
    request(version, "Staging", "tried on the data of last week");
    long request =
        request(version, "Production", "better than what we have").path("id").asLong();

    if (version == 1) {
      narrator.step("Her own approval does not count.");
      caller.json("POST", decision(request, "approve"), "alice", Map.of(), 403, "title", "detail");
    }
    narrator.step("Bob approves; it is loaded, warmed up and switched to.");
    caller.json(
        "POST",
        decision(request, "approve"),
        "bob",
        Map.of("comment", "looks right"),
        200,
        "state",
        "approvals_valid");
    awaitLive(version);
  }

  JsonNode request(int version, String to, String comment) {
    return caller
        .json(
            "POST",
            registry.resolve(MODEL + "/requests"),
            "alice",
            Map.of("version", version, "to", to, "comment", comment),
            201,
            "id",
            "state",
            "approvals_needed",
            "approvals_valid")
        .json();
  }

  URI decision(long request, String verdict) {
    return registry.resolve("/api/v1/requests/" + request + "/" + verdict);
  }

  void awaitLive(int version) throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      JsonNode releases =
          caller.look(registry.resolve(MODEL + "/releases")).json().path("releases");
      JsonNode last = releases.path(0);
      if (last.path("to_version").asInt() == version && everywhere(last)) {
        narrator.say("live: " + last.path("message").asText() + ", "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + " ms after the approval");
        return;
      }
      if (last.path("state").asText().equals("failed")) {
        throw CommandFailure.refused(
            "the release failed: " + last.path("reason").asText());
      }
      if (System.nanoTime() - begin > Duration.ofMinutes(1).toNanos()) {
        throw CommandFailure.timeOut("version " + version + " is not live after a minute: " + last);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Whether the switch is in force on the stack's one gateway. */
  private static boolean everywhere(JsonNode release) {
    return release.path("state").asText().equals("live")
        && release.at("/replicas/0/state").asText().equals("converged");
  }

  /** Predicts one flower and checks which version answered. */
  private int predict(int version) {
    narrator.step("An application asks by the model's name.");
    Caller.Reply reply = caller.json(
        "POST",
        serving.resolve(PREDICT),
        null,
        FLOWER,
        200,
        "version",
        "outputs.label",
        "outputs.probabilities");
    int label = reply.json().at("/outputs/label/0").asInt(-1);
    if (!reply.version().equals(Integer.toString(version)) || label < 0) {
      throw CommandFailure.refused("version " + version + " should have answered, not "
          + reply.version() + ": " + reply.json());
    }
    narrator.say("version " + version + " says: Iris " + SPECIES[label]);
    return label;
  }

  private void rollBack() throws InterruptedException {
    try (RollbackWatch watch = new RollbackWatch(serving.resolve(PREDICT), flower())) {
      TimeUnit.MILLISECONDS.sleep(500);
      long begin = System.nanoTime();
      caller.json(
          "POST",
          registry.resolve(MODEL + "/rollback"),
          "alice",
          Map.of("reason", "sees versicolors everywhere"),
          200,
          "kind",
          "from_version",
          "to_version",
          "state",
          "message");
      TimeUnit.MILLISECONDS.sleep(500);
      long failures = watch.failures();
      narrator.say(String.format(
          "rollback time %.1f ms: from sending the call to the first request that version 2 could no longer answer"
              + " (%d requests meanwhile, %d failed)",
          watch.effectiveAfter(begin, "2").toNanos() / 1e6, watch.requests(), failures));
      if (failures > 0) {
        throw CommandFailure.refused(failures + " requests failed during the rollback");
      }
    }
  }

  private static String flower() {
    return "{\"rows\":[[6.0,2.7,5.1,1.6]]}";
  }

  private void printRecords() {
    narrator.step("What happened, newest first.");
    JsonNode history = caller
        .json("GET", registry.resolve(MODEL + "/history"), null, null, 200, "entries.0.text")
        .json();
    for (JsonNode entry : history.path("entries")) {
      narrator.row(
          entry.path("at").asText().replaceFirst("\\..*", "Z"),
          entry.path("actor").asText(),
          entry.path("kind").asText(),
          entry.path("text").asText());
    }
    narrator.step("Who approved what.");
    JsonNode requests = caller
        .json("GET", registry.resolve(MODEL + "/requests"), null, null, 200, "requests.0.id")
        .json();
    for (JsonNode request : requests.path("requests")) {
      for (JsonNode approval : request.path("approvals")) {
        narrator.row(
            approval.path("at").asText().replaceFirst("\\..*", "Z"),
            approval.path("approver").asText(),
            approval.path("verdict").asText(),
            "version " + request.path("version").asInt() + " to "
                + request.path("to").asText() + ", " + request.path("digest").asText());
      }
    }
  }
}
