package dev.slipway.systemtests.drill;

import dev.slipway.launcher.Training;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.BadModels;
import dev.slipway.systemtests.scenario.Flood;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@link Flood}, with its figures. */
@Command(
    name = "flood",
    description =
        "What callers of one model notice while another of the same gateway gets more requests than it can take.",
    mixinStandardHelpOptions = true)
final class FloodDrill implements Callable<Integer> {
  @Option(names = "--rounds", defaultValue = "5")
  private int rounds;

  @Option(names = "--round-s", defaultValue = "10")
  private int seconds;

  @Option(names = "--callers", defaultValue = "32", description = "Of the flooded model.")
  private int callers;

  @Option(
      names = "--concurrency",
      defaultValue = "0",
      description = "Of the flooded model's settings; 0 for the gateway's own.")
  private int concurrency;

  @Option(
      names = "--limit",
      defaultValue = "1.5",
      description = "Of the 99th percentile, against that without.")
  private double limit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ClusterPlan plan = ClusterPlan.usual().withDirectory();
    new Training(plan.home(), System.err::println).ifNeeded();
    try (Cluster cluster = Cluster.start(plan)) {
      Flood.Result result =
          Flood.run(cluster, rounds, Duration.ofSeconds(seconds), callers, concurrency);
      print("without", result.alone());
      print("beside", result.beside());
      System.out.printf(
          "  p99 beside is %.2f times that without; the flooded model's answers by status: %s%n",
          result.ratio(), result.flood());
      result.faults().stream().limit(10).forEach(fault -> System.out.println("  FAULT " + fault));
      return result.ratio() <= limit && result.faults().isEmpty() ? 0 : 1;
    }
  }

  private static void print(String name, List<Long> taken) {
    System.out.printf(
        "  %-8s %6d requests  p50 %.2f ms  p95 %.2f ms  p99 %.2f ms  worst %.2f ms%n",
        name,
        taken.size(),
        BadModels.Result.at(taken, 0.5),
        BadModels.Result.at(taken, 0.95),
        BadModels.Result.at(taken, 0.99),
        BadModels.Result.at(taken, 1));
  }
}
