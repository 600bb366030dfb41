package dev.slipway.systemtests.drill;

import dev.slipway.launcher.Training;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.Flood;
import java.io.IOException;
import java.time.Duration;
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
      System.out.println("the flooded model's answers by status: " + result.flood());
      return Drill.verdict(result.steady(), limit);
    }
  }
}
