package dev.slipway.systemtests.scenario;

import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.cluster.Service;
import dev.slipway.systemtests.scenario.PredictLoad.Sample;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures rollbacks under load by what callers see: from sending the POST to the moment after which no newly sent request, on
 * any gateway, is answered by the bad version. The figure is the sending time of the first request, gateway by gateway, that
 * was sent after the last one which the bad version answered: never less than the true time, more by at most one gap.
 */
public final class RollbackTimes {
  private static final String MODEL = "rolled-back";
  private static final int BAD = 2;
  private static final long AFTERMATH_MS = 150;

  private RollbackTimes() {}

  /**
   * @param effective by what callers saw
   * @param answered until the POST was answered
   * @param requests sent in all, and how many of them failed
   */
  public record Result(
      List<Duration> effective, List<Duration> answered, long requests, long failed) {
    public Duration effective(double quantile) {
      return quantile(effective, quantile);
    }

    public Duration answered(double quantile) {
      return quantile(answered, quantile);
    }

    /** The numbers, from 0, of the rounds that took longest to take effect, the slowest first. */
    public List<Integer> slowest(int count) {
      return IntStream.range(0, effective.size())
          .boxed()
          .sorted(Comparator.comparing(effective::get).reversed())
          .limit(count)
          .toList();
    }

    private static Duration quantile(List<Duration> all, double quantile) {
      List<Duration> sorted = new ArrayList<>(all);
      Collections.sort(sorted);
      return sorted.get(Math.max(0, (int) Math.ceil(quantile * sorted.size()) - 1));
    }
  }

  /**
   * Promotes version 2 and rolls it back, {@code rounds} times.
   *
   * @param settle how long callers predict before the first round: processes that were just started, the callers' own among
   *     them, are busy with their compilers and not with the load. No rollback is practised
   */
  public static Result run(
      Cluster cluster, int rounds, int callersEach, Duration gap, Duration settle)
      throws InterruptedException {
    RegistryApi registry = cluster.registry();
    IrisModels.register(registry, MODEL);
    registry.promote(MODEL, 1);
    List<URI> gateways = cluster.servings().stream().map(Service::url).toList();
    List<Duration> effective = new ArrayList<>();
    List<Duration> answered = new ArrayList<>();
    long failed = 0;
    try (PredictLoad load = PredictLoad.on(gateways, MODEL, IrisModels.ROW, callersEach, gap)) {
      Thread.sleep(settle);
      for (int round = 0; round < rounds; round++) {
        registry.promote(MODEL, BAD);
        TimeUnit.MILLISECONDS.sleep(AFTERMATH_MS);
        failed += load.take().stream().filter(Sample::failed).count();
        long begin = System.nanoTime();
        Answer answer = registry.rollback(MODEL, RegistryApi.AUTHOR);
        answered.add(Duration.ofNanos(System.nanoTime() - begin));
        answer.expect(200);
        TimeUnit.MILLISECONDS.sleep(AFTERMATH_MS);
        List<Sample> samples = load.take();
        failed += samples.stream().filter(Sample::failed).count();
        effective.add(Duration.ofNanos(effect(samples, begin, gateways.size())));
      }
      return new Result(effective, answered, load.sent(), failed);
    }
  }

  private static long effect(List<Sample> samples, long begin, int gateways) {
    long worst = 0;
    for (int gateway = 0; gateway < gateways; gateway++) {
      int index = gateway;
      List<Sample> here = samples.stream().filter(one -> one.gateway() == index).toList();
      long lastBad = here.stream()
          .filter(one -> one.version() == BAD)
          .mapToLong(Sample::sentNanos)
          .max()
          .orElse(begin);
      long from = Math.max(begin, lastBad);
      long firstGood = here.stream()
          .mapToLong(Sample::sentNanos)
          .filter(sent -> sent > from)
          .min()
          .orElseThrow(
              () -> new AssertionError("version " + BAD + " was still answering at the end"));
      worst = Math.max(worst, firstGood - begin);
    }
    return worst;
  }
}
