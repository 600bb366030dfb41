package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Fixture models made live, and the client programs that ask a gateway for them: each of their checks is a test. */
final class ClientChecks {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path HOME = ClusterPlan.usual().home();
  private static final Path FIXTURES = HOME.resolve("common/src/test/resources/models");

  private ClientChecks() {}

  static Path script(String name) {
    return HOME.resolve("deploy/system-tests/src/test/python").resolve(name);
  }

  static void serve(Cluster cluster, FixtureModel model) {
    RegistryApi registry = cluster.registry();
    String name = model.name();
    registry.createModel(name).expect(201);
    registry.waiveApprovals(name);
    Map<String, Path> files = new HashMap<>();
    Stream<String> all = model.otherFiles() == null ? Stream.of() : model.otherFiles().stream();
    Stream.concat(Stream.of(model.file()), all)
        .forEach(file -> files.put(file, FIXTURES.resolve(name).resolve(file)));
    if (model.format().equals("torchscript")) {
      // Its own file does not say what it takes and gives; the golden file names both.
      files.put("signature.json", FIXTURES.resolve(name).resolve("golden.json"));
    }
    int version = registry.addVersion(name, files);
    assertThat(registry.promote(name, version).path("state").asText()).as(name).isEqualTo("live");
  }

  static Stream<DynamicTest> run(
      Cluster cluster, PythonEnv python, String script, Collection<String> models) {
    PythonEnv.Outcome outcome = python.run(
        Map.of(),
        LIMIT,
        script(script).toString(),
        "--http",
        cluster.servings().getFirst().url().getAuthority(),
        "--grpc",
        cluster.grpcAddress(),
        "--fixtures",
        FIXTURES.toString(),
        "--models",
        String.join(",", models));
    assertThat(outcome.exit()).as(outcome.output()).isZero();
    List<JsonNode> lines = outcome
        .output()
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(Json::read)
        .toList();
    assertThat(lines).as(outcome.output()).isNotEmpty();
    return lines.stream().map(ClientChecks::test);
  }

  private static DynamicTest test(JsonNode line) {
    return dynamicTest(
        line.path("check").asText(),
        () -> assertThat(line.path("fault").asText(null)).isNull());
  }
}
