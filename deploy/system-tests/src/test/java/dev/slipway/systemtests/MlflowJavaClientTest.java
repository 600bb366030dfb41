package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.PythonEnv;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * MLflow's Java client, unmodified, against the packaged services. Each story runs in a process of its own: the client moves
 * artifacts by MLflow's Python program, which it finds by its environment.
 */
class MlflowJavaClientTest {
  private static final long LIMIT_S = 120;
  private static PythonEnv python;
  private static Cluster cluster;

  @TempDir
  private Path folder;

  @BeforeAll
  static void start() {
    Path scripts = ClusterPlan.usual().home().resolve("deploy/system-tests/src/test/python");
    python = PythonEnv.of(scripts.resolve("mlflow.txt"));
    cluster = Cluster.start(ClusterPlan.usual().withDirectory());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void experimentsAndRunsAreLoggedFoundPagedDeletedAndRestored() throws Exception {
    tell("tracking");
  }

  @Test
  void artifactsGoInAndComeBackTheSame() throws Exception {
    tell("artifacts");
  }

  @Test
  void registeredModelsAreReadWithTheirStagesAndFiles() throws Exception {
    RegistryApi registry = cluster.registry();
    IrisModels.register(registry, "java-read");
    registry.promote("java-read", 1);
    Path expected = Files.write(folder.resolve("expected.onnx"), IrisModels.onnx(1));

    tell("registry", "java-read", expected.toString());
  }

  private void tell(String story, String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        MlflowJavaClient.class.getName(),
        cluster.registry().url().toString(),
        folder.toString(),
        story));
    command.addAll(List.of(more));
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .put("MLFLOW_PYTHON_EXECUTABLE", python.program("python").toString());
    Process process = builder.start();
    boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();

    assertThat(ended).as("ended in time: %s", Files.readString(output)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
