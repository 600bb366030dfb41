package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One good model under load, without and with versions beside it that the same gateway has to inspect and that never end, exhaust
 * memory, crash their process or are no model at all: what that does to the good one's callers.
 */
public final class BadModels {
  private static final String GOOD = "steady-beside-bad";
  private static final String BAD = "bad";
  private static final int CALLERS = 2;
  private static final Duration GAP = Duration.ofMillis(5);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final List<String> KINDS =
      List.of("endless", "exhausting", "crashing-load", "crashing-run");

  private final Cluster cluster;
  private final RegistryApi registry;

  /**
   * @param steady the callers of the good model
   * @param inspected bad versions that were refused meanwhile
   */
  public record Result(SteadyCallers steady, int inspected) {}

  private BadModels(Cluster cluster) {
    this.cluster = cluster;
    this.registry = cluster.registry();
  }

  /**
   * A version's file that the gateway would not survive to serve: {@code endless}, {@code exhausting}, {@code crashing-load} or
   * {@code crashing-run}; the last two only crash on x86 ({@code deploy/fixtures/crashing_models.py}).
   */
  public static byte[] deadly(String name) {
    try (InputStream file = BadModels.class.getResourceAsStream("/deadly/" + name + ".onnx")) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs it on the cluster's first gateway, in turn without and with bad versions, so that what else the machine does meets both.
   *
   * @param rounds of each
   * @param time of a round without; one with takes until its bad versions are refused, and as long at least
   */
  public static Result run(Cluster cluster, int rounds, Duration time) {
    return new BadModels(cluster).run(rounds, time);
  }

  private Result run(int rounds, Duration time) {
    registry.createModel(GOOD).expect(201);
    registry.waiveApprovals(GOOD);
    registry.promote(GOOD, registry.addVersion(GOOD, IrisModels.onnx(1)));
    registry.createModel(BAD).expect(201);
    var steady = new SteadyCallers();
    int inspected = 0;
    List<URI> gateway = List.of(cluster.serving().url());
    try (PredictLoad load = PredictLoad.on(gateway, GOOD, IrisModels.ROW, CALLERS, GAP)) {
      LockSupport.parkNanos(WARM_UP.toNanos());
      load.take();
      for (int round = 0; round < rounds; round++) {
        LockSupport.parkNanos(time.toNanos());
        steady.alone(load.take());
        long begin = System.nanoTime();
        List<Integer> bad = pushBad();
        while (!areRefused(bad) || System.nanoTime() - begin < time.toNanos()) {
          LockSupport.parkNanos(LOOK.toNanos());
        }
        steady.beside(load.take());
        inspected += bad.size();
      }
    }
    return new Result(steady, inspected);
  }

  private List<Integer> pushBad() {
    List<Integer> numbers = new ArrayList<>();
    KINDS.forEach(kind -> numbers.add(registry.addVersion(BAD, deadly(kind))));
    numbers.add(registry.addVersion(BAD, "no model at all".getBytes(StandardCharsets.UTF_8)));
    return numbers;
  }

  private boolean areRefused(List<Integer> versions) {
    return versions.stream()
        .allMatch(number -> registry
            .getVersion(BAD, number)
            .expect(200)
            .json()
            .at("/servable/state")
            .asText()
            .equals("no"));
  }
}
