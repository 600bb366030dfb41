package dev.slipway.systemtests.drill;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.scenario.MovingIn;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@link MovingIn} with as many runs as one likes. */
@Command(
    name = "import",
    description =
        "An experiment and a registered model move from a real mlflow server, and are compared.",
    mixinStandardHelpOptions = true)
final class ImportDrill implements Callable<Integer> {
  private static final int FEWEST = 5;

  @Option(names = "--runs", defaultValue = "100", description = "Five at least.")
  private int runs;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PythonEnv python = MovingIn.python();
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {
      MovingIn.Result result = MovingIn.run(cluster, python, Math.max(FEWEST, runs));
      System.out.print(result.told());
      System.out.print(result.compared());
      System.out.println("predict of the moved model: " + result.answer().status());
      return result.faults() || result.answer().status() != 200 ? 1 : 0;
    }
  }
}
