package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How long a gateway takes from the start of its process to the first prediction of a model that lies in its cache. */
public final class StartTimes {
  private static final String MODEL = "first-prediction";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  /** Between two attempts: a hundredth of what is measured. */
  private static final Duration GAP = Duration.ofMillis(5);
  /** What the last one left behind ends first. */
  private static final Duration REST = Duration.ofSeconds(1);

  private StartTimes() {}

  /**
   * @param first until the prediction was there
   * @param processor time that the process used until then, of all its threads
   * @param resident memory then, in bytes
   */
  public record Start(Duration first, Duration processor, long resident) {}

  /** In the order of their times. */
  public record Result(List<Start> starts, List<String> faults) {
    /** That in the middle. */
    public Start median() {
      return starts.get(starts.size() / 2);
    }
  }

  /** Stops the cluster's first gateway and starts it anew, so many times. */
  public static Result run(Cluster cluster, int rounds) {
    RegistryApi registry = cluster.registry();
    IrisModels.register(registry, MODEL);
    registry.promote(MODEL, 1);
    List<Start> starts = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      starts.add(once(cluster, faults));
    }
    starts.sort(Comparator.comparing(Start::first));
    return new Result(starts, faults);
  }

  private static Start once(Cluster cluster, List<String> faults) {
    Service gateway = cluster.servings().getFirst();
    gateway.stop();
    LockSupport.parkNanos(REST.toNanos());
    long began = System.nanoTime();
    gateway.launch();
    for (int status = status(cluster); status != 200; status = status(cluster)) {
      // Until it is ready it is not there, or says so.
      if (status != 0 && status != 503) {
        faults.add("it answered " + status + " while it started");
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "no prediction within " + PATIENCE + "; its log ends with\n" + gateway.tail());
      }
      LockSupport.parkNanos(GAP.toNanos());
    }
    Duration first = Duration.ofNanos(System.nanoTime() - began);
    Duration processor = gateway.process().info().totalCpuDuration().orElse(Duration.ZERO);
    return new Start(first, processor, gateway.residentBytes());
  }

  /** 0 while nobody listens. */
  private static int status(Cluster cluster) {
    try {
      return cluster.serving().infer(MODEL, IrisModels.ROW).status();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }
}
