package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The protocol's own clients, unmodified, get the frameworks' own answers from the packaged gateway for every fixture model. */
class OipClientsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TestFactory
  Stream<DynamicTest> theClientsOfTheProtocolAreAnswered() {
    Path home = ClusterPlan.usual().home();
    Path fixtures = home.resolve("common/src/test/resources/models");
    Path scripts = home.resolve("deploy/system-tests/src/test/python");
    PythonEnv python = PythonEnv.exactly(scripts.resolve("oip_clients.txt"));
    try (Cluster cluster = Cluster.start(ClusterPlan.usual().withDirectory())) {
      List<FixtureModel> models = served();
      models.parallelStream().forEach(model -> serve(cluster.registry(), model, fixtures));
      String names = models.stream().map(FixtureModel::name).collect(Collectors.joining(","));
      return Stream.of("triton_client.py", "kserve_client.py", "mlserver_infer.py")
          .flatMap(script -> checks(python, cluster, scripts.resolve(script), fixtures, names))
          .toList()
          .stream();
    }
  }

  private static Stream<DynamicTest> checks(
      PythonEnv python, Cluster cluster, Path script, Path fixtures, String models) {
    PythonEnv.Outcome outcome = python.run(
        Map.of(),
        LIMIT,
        script.toString(),
        "--http",
        cluster.servings().getFirst().url().getAuthority(),
        "--grpc",
        cluster.grpcAddress(),
        "--fixtures",
        fixtures.toString(),
        "--models",
        models);
    assertThat(outcome.exit()).as(outcome.output()).isZero();
    List<JsonNode> lines = outcome
        .output()
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(Json::read)
        .toList();
    assertThat(lines).as(outcome.output()).isNotEmpty();
    return lines.stream().map(OipClientsTest::test);
  }

  /** Every fixture that an engine of the default package takes. */
  private static List<FixtureModel> served() {
    return FixtureModels.names().stream()
        .map(FixtureModels::get)
        .filter(model -> !model.format().equals("torchscript"))
        .filter(model -> !model.format().equals("tensorflow-saved-model"))
        .toList();
  }

  private static void serve(RegistryApi registry, FixtureModel model, Path fixtures) {
    String name = model.name();
    registry.createModel(name).expect(201);
    registry.waiveApprovals(name);
    Path file = fixtures.resolve(name).resolve(model.file());
    int version = registry.addVersion(name, Map.of(model.file(), file));
    assertThat(registry.promote(name, version).path("state").asText()).as(name).isEqualTo("live");
  }

  private static DynamicTest test(JsonNode line) {
    return dynamicTest(
        line.path("check").asText(),
        () -> assertThat(line.path("fault").asText(null)).isNull());
  }
}
