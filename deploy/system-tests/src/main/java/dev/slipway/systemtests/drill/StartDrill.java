package dev.slipway.systemtests.drill;

import dev.slipway.launcher.Training;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.scenario.StartTimes;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@link StartTimes}, with its figures. */
@Command(
    name = "start",
    description =
        "From the start of a gateway's process to the first prediction of a model in its cache.",
    mixinStandardHelpOptions = true)
final class StartDrill implements Callable<Integer> {
  private static final double SECOND = 1e3;

  @Option(names = "--rounds", defaultValue = "12")
  private int rounds;

  @Option(names = "--limit-s", defaultValue = "1.5", description = "Of the median.")
  private double limit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ClusterPlan plan = ClusterPlan.usual().withDirectory();
    new Training(plan.home(), System.err::println).ifNeeded();
    try (Cluster cluster = Cluster.start(plan)) {
      StartTimes.Result result = StartTimes.run(cluster, rounds);
      print("fastest", result.starts().getFirst());
      print("median", result.median());
      print("slowest", result.starts().getLast());
      boolean inTime = result.median().first().toMillis() <= limit * SECOND;
      return Math.max(Drill.verdict(result.faults()), inTime ? 0 : 1);
    }
  }

  private static void print(String name, StartTimes.Start start) {
    System.out.printf(
        "  %-8s first prediction after %.2f s, %.2f s of processor time, resident %d MiB%n",
        name,
        start.first().toMillis() / SECOND,
        start.processor().toMillis() / SECOND,
        start.resident() >> 20);
  }
}
