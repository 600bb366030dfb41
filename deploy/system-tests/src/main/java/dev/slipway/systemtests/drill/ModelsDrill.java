package dev.slipway.systemtests.drill;

import dev.slipway.launcher.Training;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.ManyModels;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@link ManyModels} with as many as one likes. */
@Command(
    name = "models",
    description =
        "Many tiny models in one gateway: load time, memory, latency, and a swap under full load.",
    mixinStandardHelpOptions = true)
final class ModelsDrill implements Callable<Integer> {
  private static final double SECOND = 1e3;

  @Option(names = "--models", defaultValue = "1000")
  private int models;

  @Option(names = "--seconds", defaultValue = "15", description = "For each of the three loads.")
  private int seconds;

  @Option(names = "--heap", defaultValue = "512m", description = "Of each service.")
  private String heap;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ClusterPlan plan = ClusterPlan.usual().withDirectory().withHeap(heap);
    new Training(plan.home(), System.err::println).ifNeeded();
    try (Cluster cluster = Cluster.start(plan)) {
      ManyModels.Result result = ManyModels.run(cluster, models, Duration.ofSeconds(seconds));
      System.out.printf(
          "%d models: registered and live after %.1f s; a gateway started with them in its cache was ready after %.2f s%n",
          result.models(),
          result.registered().toMillis() / SECOND,
          result.loaded().toMillis() / SECOND);
      System.out.printf(
          "  resident %d MiB without a model, %d MiB with all%n",
          result.residentEmpty() >> 20, result.residentLoaded() >> 20);
      print("one of them", result.one());
      print("all in turn", result.all());
      print("one, away from its swap", result.steady());
      print("one, in the second of its swap", result.swap());
      return Drill.verdict(result.faults());
    }
  }

  private static void print(String what, ManyModels.Latency figures) {
    System.out.printf(
        "  %-31s %8d requests  p50 %.3f ms  p99 %.3f ms%n",
        what, figures.requests(), figures.p50(), figures.p99());
  }
}
