package dev.slipway.systemtests.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.PredictLoad.Sample;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Promotes and rolls back in turn while callers predict, and keeps every request that was not answered as it must be. */
public final class SwitchesUnderLoad {
  private static final String MODEL = "switched";
  private static final int WARM_UP = 20;

  private final Cluster cluster;
  private final RegistryApi registry;
  private final Map<Integer, String> outputs = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long requests;

  /** The memory and the open files of the gateways together. */
  public record Footprint(long residentBytes, long openFiles) {}

  /**
   * @param faults requests that failed, were answered by two versions, or by the old one after convergence
   * @param before footprint after the first 20 switches, when caches and pools are full
   */
  public record Result(
      int switches,
      long requests,
      List<String> faults,
      Footprint before,
      Footprint after,
      Duration took) {}

  private SwitchesUnderLoad(Cluster cluster) {
    this.cluster = cluster;
    this.registry = cluster.registry();
  }

  /** Runs at least {@code switches} switches. */
  public static Result run(Cluster cluster, int switches, Duration gap) {
    return new SwitchesUnderLoad(cluster).switchAll(switches, gap);
  }

  private Result switchAll(int switches, Duration gap) {
    IrisModels.register(registry, MODEL);
    registry.promote(MODEL, 1);
    long begin = System.nanoTime();
    Footprint before = footprint();
    int done = 0;
    List<URI> gateways = cluster.servings().stream().map(Service::url).toList();
    try (PredictLoad load = PredictLoad.on(gateways, MODEL, IrisModels.ROW, 2, gap)) {
      while (done < switches) {
        JsonNode promoted = registry.promote(MODEL, 2);
        checkLive(promoted);
        long promotedAt = System.nanoTime();
        check(settle(load), promotedAt, converged(promoted) ? 2 : 0);
        Answer rolledBack = registry.rollback(MODEL, RegistryApi.AUTHOR).expect(200);
        long convergedAt = System.nanoTime();
        checkLive(rolledBack.json());
        check(settle(load), convergedAt, converged(rolledBack.json()) ? 1 : 0);
        done += 2;
        before = done == WARM_UP ? footprint() : before;
      }
    }
    return new Result(
        done,
        requests,
        List.copyOf(faults),
        before,
        footprint(),
        Duration.ofNanos(System.nanoTime() - begin));
  }

  /** A few more requests of every caller, so that there are some that were sent after the switch. */
  private List<Sample> settle(PredictLoad load) {
    List<Sample> all = new ArrayList<>();
    long target = load.sent() + 8L * cluster.servings().size();
    while (load.sent() < target) {
      Thread.onSpinWait();
    }
    all.addAll(load.take());
    return all;
  }

  private void check(List<Sample> samples, long convergedAt, int onlyVersion) {
    for (Sample sample : samples) {
      requests++;
      if (sample.failed()) {
        faults.add("failed: " + sample);
        continue;
      }
      JsonNode body = Json.read(sample.body());
      String answer = body.path("outputs").toString();
      String known = outputs.computeIfAbsent(sample.version(), version -> answer);
      if (!known.equals(answer)
          || !body.path("model_version").asText().equals("" + sample.version())) {
        faults.add("not by one version: " + sample);
      }
      if (onlyVersion != 0 && sample.sentNanos() > convergedAt && sample.version() != onlyVersion) {
        faults.add("by the old version after convergence: " + sample);
      }
    }
    if (outputs.size() > 2
        || (outputs.size() == 2 && outputs.values().stream().distinct().count() < 2)) {
      faults.add("the versions cannot be told apart: " + outputs);
    }
  }

  private void checkLive(JsonNode release) {
    if (!release.path("state").asText().equals("live")) {
      faults.add("release not live: " + release);
    }
  }

  private static boolean converged(JsonNode release) {
    JsonNode replicas = release.path("replicas");
    for (JsonNode replica : replicas) {
      if (!replica.path("state").asText().equals("converged")) {
        return false;
      }
    }
    return !replicas.isEmpty();
  }

  private Footprint footprint() {
    return new Footprint(
        cluster.servings().stream().mapToLong(Service::residentBytes).sum(),
        cluster.servings().stream().mapToLong(Service::openFiles).sum());
  }
}
