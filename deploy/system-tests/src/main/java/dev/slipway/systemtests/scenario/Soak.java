package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Http;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.PredictLoad.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A part of what a gateway can do, for a long time, with a switch every few seconds: nothing fails, nothing grows. */
public final class Soak {
  private static final String MODEL = "soaked";
  private static final int CALLERS = 4;
  private static final Duration CAPACITY_RUN = Duration.ofSeconds(3);
  private static final double SECONDS_AN_HOUR = 3600;

  private final Cluster cluster;
  private final RegistryApi registry;
  private final List<String> faults = new ArrayList<>();
  private final List<Reading> readings = new ArrayList<>();
  private long begin;
  private long requests;

  /**
   * What the gateway held, {@code seconds} after the start.
   *
   * @param heapBytes committed to the Java heap, by its metrics
   * @param codeBytes committed to compiled code, by its metrics: the compiler goes on for a while
   */
  public record Reading(
      double seconds,
      long residentBytes,
      long heapBytes,
      long codeBytes,
      long openFiles,
      long threads) {}

  /**
   * @param capacity requests a second of the same callers without a pause
   * @param rate requests a second during the soak
   * @param readings one after every switch
   */
  public record Result(
      int switches,
      double capacity,
      double rate,
      long requests,
      List<String> faults,
      List<Reading> readings) {

    /** Bytes an hour, by least squares over the second half: caches and pools fill in the first. */
    public double residentSlope() {
      List<Reading> late = secondHalf();
      double time = late.stream().mapToDouble(Reading::seconds).average().orElse(0);
      double bytes = late.stream().mapToDouble(Reading::residentBytes).average().orElse(0);
      double together = 0;
      double alone = 0;
      for (Reading reading : late) {
        together += (reading.seconds() - time) * (reading.residentBytes() - bytes);
        alone += (reading.seconds() - time) * (reading.seconds() - time);
      }
      return alone == 0 ? 0 : together / alone * SECONDS_AN_HOUR;
    }

    /** The readings after half of the time. */
    public List<Reading> secondHalf() {
      return readings.subList(readings.size() / 2, readings.size());
    }
  }

  private Soak(Cluster cluster) {
    this.cluster = cluster;
    this.registry = cluster.registry();
  }

  /**
   * Runs it on the cluster's first gateway.
   *
   * @param share of the capacity that the callers ask for, 0 to 1
   * @param every from the start of one switch to the next
   */
  public static Result run(Cluster cluster, Duration time, double share, Duration every) {
    return new Soak(cluster).soak(time, share, every);
  }

  private Result soak(Duration time, double share, Duration every) {
    IrisModels.register(registry, MODEL);
    registry.promote(MODEL, 1);
    double capacity = capacity();
    // Of n callers at rate r each takes n / r; a pause of n / r * (1 / share - 1) makes that n / (r
    // * share).
    Duration gap = Duration.ofNanos((long) (CALLERS / capacity * (1 / share - 1) * 1e9));
    int switches = 0;
    begin = System.nanoTime();
    try (PredictLoad load = PredictLoad.on(gateway(), MODEL, IrisModels.ROW, CALLERS, gap)) {
      while (elapsed() < time.toMillis() / 1e3) {
        long next = System.nanoTime() + every.toNanos();
        switchOnce(switches++);
        LockSupport.parkNanos(next - System.nanoTime());
        check(load.take());
        readings.add(reading());
      }
    }
    return new Result(
        switches, capacity, requests / elapsed(), requests, List.copyOf(faults), readings);
  }

  private List<URI> gateway() {
    return List.of(cluster.serving().url());
  }

  private double elapsed() {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The second run counts: in the first the gateway warms up. */
  private double capacity() {
    double rate = 0;
    for (int run = 0; run < 2; run++) {
      long start = System.nanoTime();
      try (PredictLoad load =
          PredictLoad.on(gateway(), MODEL, IrisModels.ROW, CALLERS, Duration.ZERO)) {
        LockSupport.parkNanos(CAPACITY_RUN.toNanos());
        rate = load.take().size() / ((System.nanoTime() - start) / 1e9);
      }
    }
    return Math.max(rate, 1);
  }

  private void switchOnce(int number) {
    if (number % 2 == 0) {
      registry.promote(MODEL, 2);
    } else {
      registry.rollback(MODEL, RegistryApi.AUTHOR).expect(200);
    }
  }

  private void check(List<Sample> samples) {
    requests += samples.size();
    samples.stream().filter(Sample::failed).forEach(sample -> faults.add("failed: " + sample));
  }

  private Reading reading() {
    Service serving = cluster.servings().getFirst();
    String metrics = Http.get(serving.url().resolve("/q/metrics")).expect(200).body();
    return new Reading(
        elapsed(),
        serving.residentBytes(),
        committed(metrics, "area=\"heap\""),
        committed(metrics, "id=\"Code"),
        serving.openFiles(),
        threads(serving.process().pid()));
  }

  private static long committed(String metrics, String label) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("jvm_memory_committed_bytes") && line.contains(label))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static long threads(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return tasks.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
