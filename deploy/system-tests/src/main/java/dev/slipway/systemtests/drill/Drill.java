package dev.slipway.systemtests.drill;

import dev.slipway.launcher.Training;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.history.MixedHistory;
import dev.slipway.systemtests.scenario.BadModels;
import dev.slipway.systemtests.scenario.LargeModel;
import dev.slipway.systemtests.scenario.RacingPromotions;
import dev.slipway.systemtests.scenario.RollbackTimes;
import dev.slipway.systemtests.scenario.Soak;
import dev.slipway.systemtests.scenario.SteadyCallers;
import dev.slipway.systemtests.scenario.SwitchesUnderLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The entry point of {@code slipway drill}. */
@Command(
    name = "slipway drill",
    subcommands = {
      Bench.class,
      RegistryBench.class,
      ImportDrill.class,
      ModelsDrill.class,
      FloodDrill.class,
      StartDrill.class
    },
    description = "Long forms of what the system tests prove, with their figures.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    synopsisSubcommandLabel = "NAME")
public final class Drill {
  private static final double MILLION = 1e6;
  /** Files and threads that may come and go. */
  private static final int FLAT = 20;

  private Drill() {}

  /** @param arguments see {@code slipway drill --help} */
  public static void main(String[] arguments) {
    CommandLine line = commandLine();
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("slipway drill: " + failure.getMessage());
      failure.printStackTrace(command.getErr());
      return 1;
    });
    System.exit(line.execute(arguments));
  }

  /** All drills, with their options. */
  public static CommandLine commandLine() {
    return new CommandLine(new Drill());
  }

  @Command(
      name = "rollback",
      description =
          "Rollback time under load, p50 and p99: from sending the POST to the moment after which no newly sent"
              + " request on any gateway is answered by the bad version.")
  int rollback(
      @Option(names = "--rounds", defaultValue = "100") int rounds,
      @Option(names = "--gateways", defaultValue = "2") int gateways,
      @Option(names = "--callers", defaultValue = "2", description = "For each gateway.")
          int callers,
      @Option(names = "--gap-ms", defaultValue = "2", description = "Between a caller's requests.")
          int gap,
      @Option(
              names = "--settle-s",
              defaultValue = "30",
              description = "Predicting only, before the first round.")
          int settle)
      throws InterruptedException {
    ClusterPlan plan = ClusterPlan.usual().withServings(gateways);
    // The services start as `slipway up` starts them: what is measured is not a cold process.
    new Training(plan.home(), System.err::println).ifNeeded();
    try (Cluster cluster = Cluster.start(plan)) {
      RollbackTimes.Result result = RollbackTimes.run(
          cluster, rounds, callers, Duration.ofMillis(gap), Duration.ofSeconds(settle));
      System.out.printf(
          "%d rollbacks on %d gateways, %d requests, %d failed%n",
          rounds, gateways, result.requests(), result.failed());
      System.out.printf(
          "  in effect  p50 %.1f ms  p99 %.1f ms  worst %.1f ms%n",
          millis(result.effective(0.5)),
          millis(result.effective(0.99)),
          millis(result.effective(1)));
      System.out.printf(
          "  answered   p50 %.1f ms  p99 %.1f ms  worst %.1f ms%n",
          millis(result.answered(0.5)), millis(result.answered(0.99)), millis(result.answered(1)));
      System.out.printf("  the first  %.1f ms%n", millis(result.effective().getFirst()));
      System.out.println("  slowest    "
          + result.slowest(5).stream()
              .map(round -> "round %d: %.1f ms (answered %.1f ms)"
                  .formatted(
                      round,
                      millis(result.effective().get(round)),
                      millis(result.answered().get(round))))
              .collect(Collectors.joining(", ")));
      return result.failed() == 0 && result.effective(0.99).toMillis() < 100 ? 0 : 1;
    }
  }

  @Command(
      name = "race",
      description =
          "Two promotions at the same moment against two registry processes on one database.")
  int race(@Option(names = "--rounds", defaultValue = "500") int rounds)
      throws InterruptedException {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withRegistries(2))) {
      RacingPromotions.Result result = RacingPromotions.run(cluster, rounds);
      System.out.printf(
          "%d rounds: %d promotions went live, %d were refused naming the winner, %d faults%n",
          rounds, result.wins(), result.conflicts(), result.faults().size());
      return verdict(result.faults());
    }
  }

  @Command(
      name = "history",
      description =
          "Mixed operations by eight clients on two registries, one killed now and then: every answer explained by one"
              + " order, the rules true in every snapshot.")
  int history(
      @Option(names = "--operations", defaultValue = "10000") int operations,
      @Option(names = "--kill-every-s", defaultValue = "15") int killEvery,
      @Option(names = "--seed", defaultValue = "1") long seed)
      throws InterruptedException {
    ClusterPlan plan = ClusterPlan.usual().withDirectory().withRegistries(2).withServings(0);
    try (Cluster cluster = Cluster.start(plan)) {
      MixedHistory.Result result =
          MixedHistory.run(cluster, operations, Duration.ofSeconds(killEvery), seed);
      System.out.printf(
          "%d operations: %d done, %d refused, %d without an answer; %d kills, %d snapshots, %d faults%n",
          result.operations(),
          result.done(),
          result.refused(),
          result.unknown(),
          result.kills(),
          result.snapshots(),
          result.faults().size());
      return verdict(result.faults());
    }
  }

  @Command(name = "switches", description = "Promotions and rollbacks under predict load.")
  int switches(
      @Option(names = "--switches", defaultValue = "2000") int switches,
      @Option(names = "--gateways", defaultValue = "2") int gateways,
      @Option(names = "--gap-ms", defaultValue = "0", description = "Between a caller's requests.")
          int gap) {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withServings(gateways))) {
      SwitchesUnderLoad.Result result =
          SwitchesUnderLoad.run(cluster, switches, Duration.ofMillis(gap));
      System.out.printf(
          "%d switches in %d s, %d requests, %d faults%n",
          result.switches(),
          result.took().toSeconds(),
          result.requests(),
          result.faults().size());
      System.out.printf(
          "  resident %d → %d MiB, open files %d → %d%n",
          result.before().residentBytes() >> 20,
          result.after().residentBytes() >> 20,
          result.before().openFiles(),
          result.after().openFiles());
      return verdict(result.faults());
    }
  }

  @Command(
      name = "soak",
      description =
          "A share of one gateway's capacity for a long time, with a switch every few seconds.")
  int soak(
      @Option(names = "--minutes", defaultValue = "10") int minutes,
      @Option(
              names = "--load",
              defaultValue = "0.7",
              description = "Share of the capacity, 0 to 1.")
          double share,
      @Option(names = "--switch-every-s", defaultValue = "2") int every) {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual())) {
      Soak.Result result =
          Soak.run(cluster, Duration.ofMinutes(minutes), share, Duration.ofSeconds(every));
      Soak.Reading first = result.secondHalf().getFirst();
      Soak.Reading last = result.secondHalf().getLast();
      System.out.printf(
          "%d switches, %d requests, %.0f a second of %.0f, %d faults%n",
          result.switches(),
          result.requests(),
          result.rate(),
          result.capacity(),
          result.faults().size());
      System.out.printf(
          "  second half: resident %d → %d MiB (%+.1f MiB an hour), open files %d → %d, threads %d → %d%n",
          first.residentBytes() >> 20,
          last.residentBytes() >> 20,
          result.residentSlope() / (1 << 20),
          first.openFiles(),
          last.openFiles(),
          first.threads(),
          last.threads());
      System.out.printf(
          "  of it committed to the heap %d → %d MiB, to compiled code %d → %d MiB%n",
          first.heapBytes() >> 20,
          last.heapBytes() >> 20,
          first.codeBytes() >> 20,
          last.codeBytes() >> 20);
      boolean flat =
          last.openFiles() < first.openFiles() + FLAT && last.threads() < first.threads() + FLAT;
      return flat ? verdict(result.faults()) : 1;
    }
  }

  @Command(
      name = "bad-models",
      description =
          "What callers of a good model notice while the same gateway inspects versions that hang, exhaust memory or are no model.")
  int badModels(
      @Option(names = "--rounds", defaultValue = "5") int rounds,
      @Option(names = "--round-s", defaultValue = "10") int seconds,
      @Option(
              names = "--limit",
              defaultValue = "1.5",
              description = "Of the 99th percentile, against that without.")
          double limit)
      throws InterruptedException {
    ClusterPlan plan = ClusterPlan.usual()
        .withDirectory()
        .withServingSettings(Map.of(
            "slipway.serving.jobs.time-limit", "6S", "slipway.serving.jobs.max-memory", "800M"));
    new Training(plan.home(), System.err::println).ifNeeded();
    try (Cluster cluster = Cluster.start(plan)) {
      BadModels.Result result = BadModels.run(cluster, rounds, Duration.ofSeconds(seconds));
      System.out.printf(
          "%d bad versions inspected and refused, %d faults%n",
          result.inspected(), result.steady().faults().size());
      return verdict(result.steady(), limit);
    }
  }

  /**
   * Prints what callers noticed.
   *
   * @param limit of the 99th percentile, against that without
   */
  static int verdict(SteadyCallers steady, double limit) {
    print("without", steady.alone());
    print("beside", steady.beside());
    System.out.printf("  p99 beside is %.2f times that without%n", steady.ratio());
    return Math.max(verdict(steady.faults()), steady.ratio() <= limit ? 0 : 1);
  }

  private static void print(String name, SteadyCallers.Times taken) {
    System.out.printf(
        "  %-8s %6d requests  p50 %.2f ms  p95 %.2f ms  p99 %.2f ms  worst %.2f ms%n",
        name, taken.count(), taken.at(0.5), taken.at(0.95), taken.at(0.99), taken.at(1));
  }

  @Command(name = "large-model", description = "External data larger than both heaps.")
  int largeModel(
      @Option(names = "--mib", defaultValue = "2048") long mib,
      @Option(names = "--heap", defaultValue = "256m", description = "Of each service.")
          String heap)
      throws IOException {
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withHeap(heap))) {
      LargeModel.Result result = LargeModel.run(cluster, mib << 20);
      System.out.printf(
          "%d MiB with heaps of %s: upload %d s, until live %d s, %d faults%n",
          mib,
          heap,
          result.upload().toSeconds(),
          result.live().toSeconds(),
          result.faults().size());
      return verdict(result.faults());
    }
  }

  /** Prints the first faults; the exit code. */
  static int verdict(List<String> faults) {
    faults.stream().limit(10).forEach(fault -> System.out.println("  FAULT " + fault));
    return faults.isEmpty() ? 0 : 1;
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / MILLION;
  }
}
