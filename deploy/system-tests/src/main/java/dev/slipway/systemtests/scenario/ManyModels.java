package dev.slipway.systemtests.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Many tiny models in one gateway: how long they take to load, what they hold, whether a request to any of them takes longer than
 * to the only one, and what a swap costs while every caller sends as fast as it can.
 */
public final class ManyModels {
  private static final int TOGETHER = 8;
  private static final int CALLERS = 8;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Cluster cluster;
  private final RegistryApi registry;
  private final List<String> names;
  private final List<String> faults = new ArrayList<>();

  /**
   * @param registered from the first call until the last model was live
   * @param loaded of a gateway started anew with all artifacts in its cache: from its start until it was ready
   * @param one requests to one model while the others lie still
   * @param all requests to all of them in turn
   * @param steady of the requests to one model, those more than half a second away from its switch to another version
   * @param swap those of the second around that switch
   */
  public record Result(
      int models,
      Duration registered,
      Duration loaded,
      long residentEmpty,
      long residentLoaded,
      Latency one,
      Latency all,
      Latency steady,
      Latency swap,
      List<String> faults) {}

  /** Milliseconds; NaN without requests. */
  public record Latency(long requests, double p50, double p99) {}

  private ManyModels(Cluster cluster, int models) {
    this.cluster = cluster;
    this.registry = cluster.registry();
    this.names = IntStream.range(0, models).mapToObj("many-%04d"::formatted).toList();
  }

  /** @param phase how long each of the three loads lasts */
  public static Result run(Cluster cluster, int models, Duration phase)
      throws InterruptedException {
    return new ManyModels(cluster, models).measure(phase);
  }

  private Result measure(Duration phase) throws InterruptedException {
    Service gateway = cluster.servings().getFirst();
    long empty = gateway.residentBytes();
    Duration registered = register();
    gateway.kill();
    long began = System.nanoTime();
    gateway.start();
    Duration loaded = Duration.ofNanos(System.nanoTime() - began);
    awaitAll();
    Latency one = load(names.subList(0, 1), phase);
    Latency all = load(names, phase);
    long resident = gateway.residentBytes();
    Swap swapped = swap(phase);
    return new Result(
        names.size(),
        registered,
        loaded,
        empty,
        resident,
        one,
        all,
        swapped.steady(),
        swapped.around(),
        List.copyOf(faults));
  }

  private Duration register() throws InterruptedException {
    long began = System.nanoTime();
    byte[] onnx = IrisModels.onnx(1);
    try (ExecutorService callers = Executors.newFixedThreadPool(TOGETHER)) {
      List<Future<?>> each = new ArrayList<>();
      for (String name : names) {
        each.add(callers.submit(() -> register(name, onnx)));
      }
      for (Future<?> one : each) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a model could not be registered", e.getCause());
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void register(String name, byte[] onnx) {
    registry.createModel(name).expect(201);
    registry.putPolicy(name, Map.of("mode", "open")).expect(200);
    int version = registry.addVersion(name, onnx);
    JsonNode asked = registry
        .request(name, version, "Production", RegistryApi.AUTHOR)
        .expect(201)
        .json();
    String state = registry.awaitRelease(asked).path("state").asText();
    if (!state.equals("live")) {
      fault(name + " ended " + state);
    }
  }

  private synchronized void fault(String what) {
    faults.add(what);
  }

  /** Ready is a gateway whose live versions are; each is asked once, so that none is asked for the first time later. */
  private void awaitAll() {
    for (String name : names) {
      int status = cluster.serving().infer(name, IrisModels.ROW).status();
      if (status != 200) {
        fault(name + " answered " + status + " after the start");
      }
    }
  }

  private Latency load(List<String> targets, Duration phase) throws InterruptedException {
    try (PredictCalls calls = PredictCalls.on(cluster.serving().url(), targets, CALLERS)) {
      TimeUnit.NANOSECONDS.sleep(phase.toNanos());
      calls.end();
      faults.addAll(calls.faults());
      return calls.latency(sample -> true);
    }
  }

  private record Swap(Latency steady, Latency around) {}

  private Swap swap(Duration phase) throws InterruptedException {
    String name = names.getFirst();
    int second = registry.addVersion(name, IrisModels.onnx(2));
    try (PredictCalls calls = PredictCalls.on(cluster.serving().url(), List.of(name), CALLERS)) {
      TimeUnit.NANOSECONDS.sleep(phase.toNanos() / 2);
      registry.awaitRelease(registry
          .request(name, second, "Production", RegistryApi.AUTHOR)
          .expect(201)
          .json());
      TimeUnit.NANOSECONDS.sleep(phase.toNanos() / 2);
      calls.end();
      faults.addAll(calls.faults());
      long switched = calls.firstOf(second);
      if (switched < 0) {
        fault("version " + second + " of " + name + " never answered");
      }
      return new Swap(
          calls.latency(sample -> Math.abs(sample.sentNanos() - switched) > SECOND / 2),
          calls.latency(sample -> Math.abs(sample.sentNanos() - switched) <= SECOND / 2));
    }
  }
}
