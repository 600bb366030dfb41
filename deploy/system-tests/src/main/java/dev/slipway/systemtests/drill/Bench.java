package dev.slipway.systemtests.drill;

import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The gateway beside its limits and its peers: each round measures every target at every number of connections, one after the
 * other, so that what the machine does meanwhile befalls all of them; the figures are medians over the rounds. The limits are an
 * endpoint of the same application that answers a constant of the same size, and ONNX Runtime alone in a process.
 */
@Command(
    name = "bench",
    description =
        "One model's JSON requests: the gateway, its limits, and peers by URL. Needs wrk.",
    mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {
  private static final String CONSTANT = "constant";
  private static final String OURS = "slipway";

  @Option(
      names = "--model",
      defaultValue = "iris-logreg",
      description = "A fixture: iris-logreg, mlp.")
  private String model;

  @Option(
      names = "--case",
      defaultValue = "batch-1",
      description = "Its golden case: batch-1, batch-32.")
  private String goldenCase;

  @Option(names = "--rounds", defaultValue = "5")
  private int rounds;

  @Option(names = "--seconds", defaultValue = "5", description = "Of each measurement.")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "15",
      description = "Seconds of load before the first round.")
  private int warmUp;

  @Option(names = "--connections", split = ",", defaultValue = "1,16,64")
  private List<Integer> connections;

  @Option(
      names = "--peer",
      paramLabel = "NAME=URL",
      description =
          "A server of the Open Inference Protocol that serves the model by the fixture's name.")
  private Map<String, URI> peers = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!WrkLoad.present()) {
      throw new IllegalStateException("the bench needs wrk in PATH (Debian: apt install wrk)");
    }
    FixtureModel fixture = FixtureModels.get(model);
    FixtureModel.Case asked = fixture.goldenCase(goldenCase);
    ClusterPlan plan = ClusterPlan.usual()
        .withDirectory()
        .withServingSettings(Map.of("slipway.serving.predict.bench-constant", true));
    try (Cluster cluster = Cluster.start(plan)) {
      serve(cluster.registry(), fixture);
      Path body = Files.writeString(cluster.folder().resolve("body.json"), body(asked));
      Path script = plan.home().resolve("deploy/drills/bench/post.lua");
      var bare = new BareRuntime(plan.home(), fixture, asked.inputs(), cluster.folder());
      return measure(targets(cluster), new WrkLoad(script, body, seconds), bare);
    }
  }

  private void serve(RegistryApi registry, FixtureModel fixture) {
    registry.createModel(model).expect(201);
    registry.waiveApprovals(model);
    Path file = ClusterPlan.usual()
        .home()
        .resolve("common/src/test/resources/models")
        .resolve(model)
        .resolve(fixture.file());
    registry.promote(model, registry.addVersion(model, Map.of(fixture.file(), file)));
  }

  private static String body(FixtureModel.Case asked) {
    List<Map<String, Object>> inputs = new ArrayList<>();
    for (GoldenTensor input : asked.inputs()) {
      Map<String, Object> tensor = new LinkedHashMap<>();
      tensor.put("name", input.name());
      tensor.put("shape", input.shape().toArray());
      tensor.put("datatype", input.datatype().name());
      tensor.put("data", input.data());
      inputs.add(tensor);
    }
    return Json.write(Map.of("inputs", inputs));
  }

  /** Where each target is asked; the constant is as long as the gateway's own answer. */
  private Map<String, String> targets(Cluster cluster) {
    String path = "/v2/models/" + model + "/infer";
    URI ours = cluster.serving().url();
    int size = cluster
        .serving()
        .infer(model, body(FixtureModels.get(model).goldenCase(goldenCase)))
        .expect(200)
        .body()
        .length();
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put(OURS, ours.resolve(path).toString());
    targets.put(CONSTANT, ours.resolve("/bench/constant?bytes=" + size).toString());
    peers.forEach((name, url) -> targets.put(name, url.resolve(path).toString()));
    return targets;
  }

  private int measure(Map<String, String> targets, WrkLoad load, BareRuntime bare)
      throws IOException, InterruptedException {
    for (String url : targets.values()) {
      new WrkLoad(load.script(), load.body(), warmUp).run(url, 16);
    }
    Map<String, List<WrkLoad.Figures>> results = new LinkedHashMap<>();
    Map<Integer, List<Double>> limit = new LinkedHashMap<>();
    long faults = 0;
    for (int round = 0; round < rounds; round++) {
      for (int count : connections) {
        for (var target : targets.entrySet()) {
          WrkLoad.Figures figures = load.run(target.getValue(), count);
          faults += figures.faults();
          results
              .computeIfAbsent(target.getKey() + " " + count, _ -> new ArrayList<>())
              .add(figures);
        }
        limit.computeIfAbsent(count, _ -> new ArrayList<>()).add(bare.rate(count, seconds));
      }
    }
    print(targets, results, limit);
    System.out.printf("faults: %d%n", faults);
    return faults == 0 ? 0 : 1;
  }

  private void print(
      Map<String, String> targets,
      Map<String, List<WrkLoad.Figures>> results,
      Map<Integer, List<Double>> limit) {
    System.out.printf(
        "%s/%s, JSON, medians of %d alternating rounds of %d s, %d processors%n",
        model, goldenCase, rounds, seconds, Runtime.getRuntime().availableProcessors());
    System.out.println("| connections | target | requests/s | p50 ms | p99 ms | of the constant |");
    System.out.println("|---|---|---|---|---|---|");
    for (int count : connections) {
      for (String name : targets.keySet()) {
        List<WrkLoad.Figures> rows = results.get(name + " " + count);
        List<WrkLoad.Figures> constant = results.get(CONSTANT + " " + count);
        double[] ratios = new double[rows.size()];
        Arrays.setAll(ratios, i -> 100 * rows.get(i).rate() / constant.get(i).rate());
        System.out.printf(
            "| %d | %s | %.0f | %.3f | %.3f | %.0f %% |%n",
            count,
            name,
            median(rows.stream().mapToDouble(WrkLoad.Figures::rate).toArray()),
            median(rows.stream().mapToDouble(WrkLoad.Figures::p50).toArray()),
            median(rows.stream().mapToDouble(WrkLoad.Figures::p99).toArray()),
            median(ratios));
      }
      double[] rates =
          limit.get(count).stream().mapToDouble(Double::doubleValue).toArray();
      System.out.printf("| %d | bare ONNX Runtime | %.0f | | | |%n", count, median(rates));
    }
  }

  static double median(double... values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The runtime alone, in a virtual machine of its own, from source: nothing of ours is on its class path. */
  private record BareRuntime(
      Path home, FixtureModel fixture, List<GoldenTensor> inputs, Path folder) {

    double rate(int callers, int seconds) throws IOException, InterruptedException {
      GoldenTensor input = inputs.getFirst();
      Path raw = Files.write(folder.resolve("input.raw"), fixture.raw(input));
      Path onnx = fixture.copyTo(folder);
      Process process = new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              runtimeJar(),
              home.resolve("deploy/drills/bench/BareRuntime.java").toString(),
              onnx.toString(),
              input.name(),
              Arrays.stream(input.shape().toArray())
                  .mapToObj(Long::toString)
                  .collect(Collectors.joining(",")),
              raw.toString(),
              Integer.toString(callers),
              Integer.toString(seconds))
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException("the bare runtime failed: " + output);
      }
      return Double.parseDouble(output);
    }

    private String runtimeJar() throws IOException {
      try (var jars = Files.list(home.resolve("serving-service/target/quarkus-app/lib/main"))) {
        return jars.filter(jar -> jar.getFileName().toString().contains("onnxruntime-"))
            .findFirst()
            .orElseThrow()
            .toString();
      }
    }
  }
}
