package dev.slipway.systemtests.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.history.Operation.Kind;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask for this and that, at random, at one registry or the other, until so many operations were asked for. */
final class Clients {
  private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "rita", "root");
  private static final List<String> TARGETS = List.of(
      Rules.STAGING,
      Rules.STAGING,
      Rules.PRODUCTION,
      Rules.PRODUCTION,
      Rules.PRODUCTION,
      Rules.ARCHIVED,
      Rules.NONE);
  private static final Kind[] MIX = {
    Kind.OPEN,
    Kind.OPEN,
    Kind.OPEN,
    Kind.OPEN,
    Kind.OPEN,
    Kind.OPEN,
    Kind.OPEN,
    Kind.APPROVE,
    Kind.APPROVE,
    Kind.APPROVE,
    Kind.APPROVE,
    Kind.APPROVE,
    Kind.APPROVE,
    Kind.ROLLBACK,
    Kind.ROLLBACK,
    Kind.ROLLBACK_TO,
    Kind.BYPASS,
    Kind.ALIAS,
    Kind.WITHDRAW,
    Kind.REJECT,
    Kind.RETIRE,
    Kind.POLICY
  };

  private final List<URI> registries;
  private final List<String> models;
  private final int versions;
  private final int operations;
  private final AtomicInteger asked = new AtomicInteger();
  private final Queue<Observation> observations = new ConcurrentLinkedQueue<>();
  private final Map<String, List<Long>> open = new ConcurrentHashMap<>();

  Clients(Cluster cluster, List<String> models, int versions, int operations) {
    this.registries =
        cluster.registries().stream().map(service -> service.url()).toList();
    this.models = models;
    this.versions = versions;
    this.operations = operations;
    models.forEach(model -> open.put(model, new CopyOnWriteArrayList<>()));
  }

  /** Runs so many clients to the end. */
  void run(int clients, long seed) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      var random = new Random(seed + client);
      threads.add(Thread.ofVirtual().start(() -> ask(random)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  boolean done() {
    return asked.get() >= operations;
  }

  List<Observation> observations() {
    return List.copyOf(observations);
  }

  private void ask(Random random) {
    for (int number = asked.incrementAndGet();
        number <= operations;
        number = asked.incrementAndGet()) {
      Operation operation = operation(random, number);
      observations.add(call(random.nextInt(registries.size()), operation));
    }
  }

  private Operation operation(Random random, int number) {
    String model = models.get(random.nextInt(models.size()));
    Kind kind = MIX[random.nextInt(MIX.length)];
    List<Long> known = open.get(model);
    boolean aboutRequest =
        kind == Kind.APPROVE || kind == Kind.REJECT || kind == Kind.WITHDRAW || kind == Kind.BYPASS;
    long request = aboutRequest && !known.isEmpty() ? known.get(random.nextInt(known.size())) : 0;
    if (aboutRequest && request == 0) {
      kind = Kind.OPEN;
    }
    String user = kind == Kind.POLICY && random.nextInt(4) > 0
        ? "root"
        : PEOPLE.get(random.nextInt(PEOPLE.size()));
    return new Operation(
        "history-" + number,
        model,
        kind,
        user,
        1 + random.nextInt(versions),
        TARGETS.get(random.nextInt(TARGETS.size())),
        request,
        random.nextInt(3));
  }

  /** A registry that cannot be reached has not heard of the operation: the other one is asked. */
  private Observation call(int first, Operation operation) {
    long sent = System.nanoTime();
    for (int at = first; ; at++) {
      try {
        Answer answer = Http.send(request(registries.get(at % registries.size()), operation));
        long answered = System.nanoTime();
        JsonNode body = answer.body().isEmpty() ? Json.read("{}") : answer.json();
        remember(operation, answer, body);
        return new Observation(operation, sent, answered, answer.status(), body);
      } catch (UncheckedIOException lost) {
        if (!(lost.getCause() instanceof ConnectException)) {
          return new Observation(operation, sent, System.nanoTime(), 0, Json.read("{}"));
        }
      }
    }
  }

  /** Requests that were open when they were last seen; the few latest, for most of the older ones are closed. */
  private void remember(Operation operation, Answer answer, JsonNode body) {
    if (answer.status() == 201 || answer.status() == 202) {
      if (body.path("state").asText().equals("open")) {
        List<Long> known = open.get(operation.model());
        known.addFirst(body.path("id").asLong());
        while (known.size() > 8) {
          known.removeLast();
        }
      }
    }
  }

  private static HttpRequest.Builder request(URI registry, Operation operation) {
    String model = RegistryApi.pathOf(operation.model());
    return switch (operation.kind()) {
      case OPEN ->
        json(
            registry,
            operation,
            "POST",
            model + "/requests",
            Map.of("version", operation.version(), "to", operation.to()));
      case APPROVE, REJECT, WITHDRAW ->
        json(
            registry,
            operation,
            "POST",
            "/api/v1/requests/" + operation.request() + "/"
                + operation.kind().name().toLowerCase(java.util.Locale.ROOT),
            Map.of("comment", "c"));
      case BYPASS ->
        json(
            registry,
            operation,
            "POST",
            "/api/v1/requests/" + operation.request() + "/bypass",
            Map.of("reason", "b"));
      case ROLLBACK_TO ->
        json(
            registry,
            operation,
            "POST",
            model + "/rollback",
            Map.of("to", operation.version(), "reason", "r"));
      case ALIAS ->
        json(
            registry,
            operation,
            "PUT",
            model + "/aliases/" + Rules.ALIAS,
            Map.of("version", operation.version()));
      case ROLLBACK ->
        json(registry, operation, "POST", model + "/rollback", Map.of("reason", "r"));
      case RETIRE -> json(registry, operation, "POST", model + "/retire", Map.of("reason", "r"));
      case POLICY ->
        json(
            registry,
            operation,
            "PUT",
            model + "/policy",
            Map.of(
                "mode",
                "reviewed",
                "bypass_roles",
                List.of("releaser"),
                "moves",
                Map.of(
                    "Staging", Map.of("approvals", 0),
                    "Production", Map.of("approvals", operation.approvals()))));
    };
  }

  private static HttpRequest.Builder json(
      URI registry, Operation operation, String method, String path, Map<String, ?> body) {
    return HttpRequest.newBuilder(registry.resolve(path))
        .header("X-Slipway-User", operation.user())
        .header("X-Request-Id", operation.id())
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(Json.write(body)));
  }
}
