package dev.slipway.systemtests.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
        "One model's requests, JSON, binary or gRPC: the gateway, its limits, and peers by URL."
            + " Needs wrk for HTTP.",
    mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {
  private static final String CONSTANT = "constant";
  private static final String OURS = "slipway";

  @Option(
      names = "--model",
      defaultValue = "iris-logreg",
      description = "A fixture: iris-logreg, mlp, encoder.")
  private String model;

  @Option(
      names = "--case",
      defaultValue = "batch-1",
      description = "Its golden case: batch-1, batch-32; of the encoder batch-1-length-128.")
  private String goldenCase;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      description = "Instead of a fixture: any ONNX model of one input of floats.")
  private Path onnx;

  @Option(
      names = "--input",
      paramLabel = "NAME:SHAPE",
      description = "That input, such as input:1,3,224,224.")
  private String input;

  @Option(
      names = "--binary",
      description = "Tensors by Triton's binary extension, both ways, instead of JSON.")
  private boolean binary;

  @Option(
      names = "--grpc",
      description = "By gRPC, tensors in raw_input_contents, instead of HTTP.")
  private boolean grpc;

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
          "A server of the Open Inference Protocol that serves the model by the fixture's name; with"
              + " --grpc its gRPC port.")
  private Map<String, URI> peers = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (binary && grpc) {
      throw new IllegalArgumentException("give one of --binary and --grpc");
    }
    if (!grpc && !WrkLoad.present()) {
      throw new IllegalStateException("the bench needs wrk in PATH (Debian: apt install wrk)");
    }
    ClusterPlan plan = ClusterPlan.usual()
        .withDirectory()
        .withServingSettings(Map.of("slipway.serving.predict.bench-constant", true));
    try (Cluster cluster = Cluster.start(plan)) {
      BenchSubject subject = subject(cluster.folder());
      serve(cluster.registry(), subject);
      var bare = new BareRate(plan.home(), subject, cluster.folder());
      if (grpc) {
        return measure(subject, grpcTargets(cluster), new GrpcLoad(subject.grpc()), bare);
      }
      BenchSubject.Body body = binary ? subject.binary() : subject.json();
      Path file = Files.write(cluster.folder().resolve("body"), body.bytes().toByteArray());
      Path script = plan.home().resolve("deploy/drills/bench/post.lua");
      return measure(
          subject,
          targets(cluster, subject, body),
          new WrkLoad(script, file, body.jsonLength()),
          bare);
    }
  }

  private BenchSubject subject(Path folder) {
    if (onnx == null) {
      return BenchSubject.of(FixtureModels.get(model), goldenCase, folder);
    }
    String[] parts = input == null ? new String[0] : input.split(":");
    if (parts.length != 2) {
      throw new IllegalArgumentException("--onnx needs its --input, such as input:1,3,224,224");
    }
    long[] shape = Arrays.stream(parts[1].split(",")).mapToLong(Long::parseLong).toArray();
    return BenchSubject.of(onnx.toAbsolutePath(), parts[0], Shape.of(shape));
  }

  private void serve(RegistryApi registry, BenchSubject subject) {
    registry.createModel(subject.model()).expect(201);
    registry.waiveApprovals(subject.model());
    String name = onnx == null ? subject.file().getFileName().toString() : "model.onnx";
    int version = registry.addVersion(subject.model(), Map.of(name, subject.file()));
    registry.promote(subject.model(), version);
  }

  /** Where each target is asked; the constant is as long as the gateway's own answer. */
  private Map<String, String> targets(Cluster cluster, BenchSubject subject, BenchSubject.Body body)
      throws IOException, InterruptedException {
    String path = "/v2/models/" + subject.model() + "/infer";
    URI ours = cluster.serving().url();
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put(OURS, ours.resolve(path).toString());
    int size = answerBytes(ours.resolve(path), body);
    targets.put(CONSTANT, ours.resolve("/bench/constant?bytes=" + size).toString());
    peers.forEach((name, url) -> targets.put(name, url.resolve(path).toString()));
    return targets;
  }

  private Map<String, String> grpcTargets(Cluster cluster) {
    Map<String, String> targets = new LinkedHashMap<>();
    targets.put(OURS, cluster.grpcAddress());
    peers.forEach((name, url) -> targets.put(name, url.getAuthority()));
    return targets;
  }

  private static int answerBytes(URI url, BenchSubject.Body body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.bytes().toByteArray()));
    if (body.jsonLength() > 0) {
      request.header("Inference-Header-Content-Length", Integer.toString(body.jsonLength()));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(
            "answered " + answer.statusCode() + ": " + new String(answer.body(), UTF_8));
      }
      return answer.body().length;
    }
  }

  private int measure(BenchSubject subject, Map<String, String> targets, Load load, BareRate bare)
      throws IOException, InterruptedException {
    for (String target : targets.values()) {
      load.run(target, 16, warmUp);
    }
    Map<String, List<Load.Figures>> results = new LinkedHashMap<>();
    Map<Integer, List<Double>> limit = new LinkedHashMap<>();
    long faults = 0;
    for (int round = 0; round < rounds; round++) {
      for (int count : connections) {
        for (var target : targets.entrySet()) {
          Load.Figures figures = load.run(target.getValue(), count, seconds);
          faults += figures.faults();
          results
              .computeIfAbsent(target.getKey() + " " + count, _ -> new ArrayList<>())
              .add(figures);
        }
        limit.computeIfAbsent(count, _ -> new ArrayList<>()).add(bare.measure(count, seconds));
      }
    }
    print(subject, targets, results, limit);
    System.out.printf("faults: %d%n", faults);
    return faults == 0 ? 0 : 1;
  }

  private void print(
      BenchSubject subject,
      Map<String, String> targets,
      Map<String, List<Load.Figures>> results,
      Map<Integer, List<Double>> limit)
      throws IOException {
    System.out.printf(
        "%s, %s, medians of %d alternating rounds of %d s, %d processors, %d threads a run%n",
        onnx == null ? model + "/" + goldenCase : onnx.getFileName() + " " + input,
        grpc ? "gRPC" : binary ? "binary tensors" : "JSON",
        rounds,
        seconds,
        Runtime.getRuntime().availableProcessors(),
        subject.threads());
    System.out.println(
        "| connections | target | requests/s | p50 ms | p99 ms | of the constant | of bare |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int count : connections) {
      List<Double> bare = limit.get(count);
      List<Double> constant = results.getOrDefault(CONSTANT + " " + count, List.of()).stream()
          .map(Load.Figures::rate)
          .toList();
      for (String name : targets.keySet()) {
        List<Load.Figures> rows = results.get(name + " " + count);
        System.out.printf(
            "| %d | %s | %.1f | %.3f | %.3f | %s | %s |%n",
            count,
            name,
            median(rows.stream().mapToDouble(Load.Figures::rate).toArray()),
            median(rows.stream().mapToDouble(Load.Figures::p50).toArray()),
            median(rows.stream().mapToDouble(Load.Figures::p99).toArray()),
            percentOf(constant, rows),
            percentOf(bare, rows));
      }
      System.out.printf(
          "| %d | bare ONNX Runtime | %.1f | | | | |%n",
          count, median(bare.stream().mapToDouble(Double::doubleValue).toArray()));
    }
  }

  /** The median of each round's ratio; nothing where the limit was not measured. */
  private static String percentOf(List<Double> limit, List<Load.Figures> rows) {
    if (limit.isEmpty()) {
      return "";
    }
    var ratios = new double[rows.size()];
    Arrays.setAll(ratios, i -> 100 * rows.get(i).rate() / limit.get(i));
    return "%.0f %%".formatted(median(ratios));
  }

  static double median(double... values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
