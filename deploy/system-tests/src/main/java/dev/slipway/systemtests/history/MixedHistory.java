package dev.slipway.systemtests.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.CanaryModels;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Mixed operations by eight clients on two registries, one of which is killed now and then: every answer is explained by some order
 * of the operations, and the rules hold at every moment that is looked at.
 */
public final class MixedHistory {
  private static final int CLIENTS = 8;
  /** Each version has bytes of its own, so that an approval is bound to one of them. */
  private static final List<String> VERSIONS = List.of("good", "shifted", "permuted", "nan");

  private static final List<String> MODELS = List.of("history-a", "history-b", "history-c");
  private static final long LOOK_MS = 50;

  private MixedHistory() {}

  /**
   * @param done operations that took place
   * @param refused operations that were refused, each explained
   * @param unknown operations without an answer
   * @param kills registries killed
   */
  public record Result(
      int operations,
      int done,
      int refused,
      int unknown,
      int kills,
      int snapshots,
      List<String> faults) {}

  /**
   * @param cluster with two registries and no gateway, so that a promotion is in force at once
   * @param between the time from one kill to the next
   */
  public static Result run(Cluster cluster, int operations, Duration between, long seed)
      throws InterruptedException {
    RegistryApi registry = cluster.registry();
    for (String model : MODELS) {
      registry.createModel(model).expect(201);
      VERSIONS.forEach(version -> registry.addVersion(model, CanaryModels.onnx(version)));
    }
    var clients = new Clients(cluster, MODELS, VERSIONS.size(), operations);
    int kills;
    List<String> faults;
    int snapshots;
    try (Snapshots looking = new Snapshots(cluster)) {
      Thread running = Thread.ofVirtual().start(() -> {
        try {
          clients.run(CLIENTS, seed);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      kills = kill(cluster, clients, between);
      running.join();
      snapshots = looking.taken();
      faults = new ArrayList<>(looking.faults());
    }
    return judge(cluster, clients.observations(), kills, snapshots, faults);
  }

  private static int kill(Cluster cluster, Clients clients, Duration between)
      throws InterruptedException {
    int kills = 0;
    long next = System.nanoTime() + between.toNanos();
    while (!clients.done()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      if (System.nanoTime() > next) {
        Service victim = cluster.registries().get(kills++ % cluster.registries().size());
        victim.kill();
        victim.start();
        next = System.nanoTime() + between.toNanos();
      }
    }
    return kills;
  }

  private static Result judge(
      Cluster cluster,
      List<Observation> observations,
      int kills,
      int snapshots,
      List<String> faults) {
    int done = 0;
    int refused = 0;
    try (Connection connection = cluster.database().connect("slipway")) {
      for (String model : MODELS) {
        List<Observation> here = observations.stream()
            .filter(one -> one.operation().model().equals(model))
            .toList();
        List<Witness.Deed> deeds = Witness.of(connection, model, faults);
        Checker.Result result = Checker.check(VERSIONS.size(), here, deeds);
        faults.addAll(result.faults());
        compare(cluster.registry(), model, result.state(), faults);
        done += deeds.size();
        refused += result.refusals();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    int unknown = (int) observations.stream().filter(Observation::isUnknown).count();
    return new Result(
        observations.size(), done, refused, unknown, kills, snapshots, List.copyOf(faults));
  }

  /** Where the deeds lead is where the registry is. */
  private static void compare(
      RegistryApi registry, String model, ModelState state, List<String> faults) {
    JsonNode now = registry.getModel(model, "").expect(200).json();
    int live = now.path("live_version").asInt();
    int previous = now.path("previous_version").asInt();
    if (live != (state.live() == null ? 0 : state.live())) {
      faults.add(model + ": live is " + live + ", the deeds lead to " + state.live());
    }
    if (previous != state.previous().orElse(0)) {
      faults.add(model + ": previous is " + previous + ", the deeds lead to " + state.previous());
    }
    int alias = now.path("aliases").path(Rules.ALIAS).asInt();
    if (alias != (state.alias() == null ? 0 : state.alias())) {
      faults.add(model + ": the alias is at " + alias + ", the deeds lead to " + state.alias());
    }
    state.stages().forEach((version, stage) -> {
      String is = registry.getVersion(model, version).expect(200).text("stage");
      if (!is.equals(stage)) {
        faults.add(model + " " + version + " is in " + is + ", the deeds lead to " + stage);
      }
    });
  }
}
