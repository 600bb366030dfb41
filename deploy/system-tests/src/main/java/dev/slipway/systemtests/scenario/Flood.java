package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One model under a steady load, in turn without and with a flood of requests for a slow model of the same gateway: what that does to
 * the steady one's callers.
 */
public final class Flood {
  private static final String STEADY = "steady-beside-flood";
  private static final String SLOW = "flooded";
  private static final int CALLERS = 2;
  private static final Duration GAP = Duration.ofMillis(5);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  /** What a flood leaves behind ends first. */
  private static final Duration EBB = Duration.ofSeconds(1);

  private Flood() {}

  /**
   * @param steady the callers of the other model
   * @param flood answers of the flooded model by status
   */
  public record Result(SteadyCallers steady, Map<Integer, Long> flood) {}

  /**
   * Runs it on the cluster's first gateway.
   *
   * @param rounds of each
   * @param time of a round
   * @param callers of the slow model, each sending without a pause
   * @param concurrency of the slow model, by its settings; 0 for the gateway's own
   */
  public static Result run(
      Cluster cluster, int rounds, Duration time, int callers, int concurrency) {
    RegistryApi registry = cluster.registry();
    serve(registry, STEADY, "good");
    serve(registry, SLOW, "slow");
    if (concurrency > 0) {
      registry.putSettings(SLOW, Map.of("max_concurrency", concurrency)).expect(200);
    }
    List<URI> gateway = List.of(cluster.serving().url());
    var steady = new SteadyCallers();
    Map<Integer, Long> flood = new TreeMap<>();
    try (PredictLoad load = PredictLoad.on(gateway, STEADY, IrisModels.ROW, CALLERS, GAP)) {
      LockSupport.parkNanos(WARM_UP.toNanos());
      for (int round = 0; round < rounds; round++) {
        LockSupport.parkNanos(EBB.toNanos());
        load.take();
        LockSupport.parkNanos(time.toNanos());
        steady.alone(load.take());
        try (PredictLoad flooding =
            PredictLoad.on(gateway, SLOW, IrisModels.ROW, callers, Duration.ZERO)) {
          LockSupport.parkNanos(EBB.toNanos());
          load.take();
          LockSupport.parkNanos(time.toNanos());
          steady.beside(load.take());
          flooding.take().forEach(sample -> flood.merge(sample.status(), 1L, Long::sum));
        }
      }
    }
    return new Result(steady, flood);
  }

  private static void serve(RegistryApi registry, String model, String kind) {
    registry.createModel(model).expect(201);
    registry.waiveApprovals(model);
    registry.promote(model, registry.addVersion(model, CanaryModels.onnx(kind)));
  }
}
