package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.Launcher;
import dev.slipway.systemtests.cluster.RegistryApi;
import dev.slipway.systemtests.scenario.IrisModels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is typed in scripts, pipes and while something goes on. */
@ExtendWith(SharedCluster.class)
class OperatorCommandsTest {
  private final RegistryApi registry;
  private final Cluster cluster;
  private final StoreSettings.S3 elsewhere;

  @TempDir
  private Path folder;

  private Shell shell;

  OperatorCommandsTest(Cluster cluster, StoreSettings.S3 elsewhere) {
    this.cluster = cluster;
    this.elsewhere = elsewhere;
    this.registry = cluster.registry();
  }

  @BeforeEach
  void callAsAlice() {
    shell = new Shell(cluster, folder);
  }

  @Test
  void gatewaysAreWatchedAsTheyChange() {
    IrisModels.register(registry, "typed-watched");
    try (Launcher.Running watching = shell.start("gateways", "-w")) {
      until(() -> watching.out().contains("typed:2"));
      assertThat(watching.out()).doesNotContain("typed-watched");

      registry.promote("typed-watched", 1);

      until(() -> watching
          .out()
          .lines()
          .anyMatch(line -> line.matches("gateway-0 +yes +typed-watched:1 +live +ready *")));
      assertThat(watching.process().isAlive()).isTrue();
    }
  }

  @Test
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    Path script = Files.writeString(
        folder.resolve("completion"), shell.run(0, "completion").out());

    assertThat(completed(script, "slipway roll")).containsExactly("rollout");
    assertThat(completed(script, "slipway rollout u")).containsExactly("undo");
    assertThat(completed(script, "slipway review --by")).containsExactly("--bypass");
  }

  /** What bash offers for the last word of a line. */
  private static String[] completed(Path script, String line)
      throws IOException, InterruptedException {
    String[] words = line.split(" ");
    Process bash = new ProcessBuilder(
            "bash",
            "-c",
            "source \"$0\" && COMP_LINE=\"$1\" && COMP_WORDS=($1) && COMP_CWORD=$2 && _complete_slipway && echo \"${COMPREPLY[@]}\"",
            script.toString(),
            line,
            String.valueOf(words.length - 1))
        // Outside an interactive shell, bash complains that nobody is completing.
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    bash.getOutputStream().close();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.strip().split("\\s+");
  }

  @Test
  void rowsComeThroughAPipeAndFromAShellsQuotes() throws IOException {
    Path rows = Files.writeString(folder.resolve("rows"), "{\"rows\": [[6.0, 2.7, 5.1, 1.6]]}");

    Launcher.Outcome piped = shell.piped(rows, 0, "predict", "typed", "-d", "@-");

    assertThat(piped.out()).startsWith("typed:2");
    assertThat(shell.run(0, "predict", "typed", "-d", Files.readString(rows)).out())
        .isEqualTo(piped.out());
    shell.environment().put("SLIPWAY_SERVING_URL", "http://127.0.0.1:1");
    String serving = cluster.serving().url().toString();
    assertThat(shell
            .piped(rows, 0, "predict", "typed:1", "-d", "@-", "--serving", serving)
            .out())
        .startsWith("typed:1");
  }

  @Test
  void listsEndWhereTheyAreToldTo() {
    registry.createModel("typed-list-a").expect(201);
    registry.createModel("typed-list-b").expect(201);

    assertThat(shell.run(0, "models", "typed-list", "-L", "1").out())
        .contains("typed-list-a")
        .doesNotContain("typed-list-b");
    assertThat(shell.run(0, "versions", "typed", "--limit", "1").out().lines())
        .anyMatch(line -> line.startsWith("2 "))
        .noneMatch(line -> line.startsWith("1 "));
    assertThat(Json.read(shell.run(0, "compare", "typed:1", "2", "-o", "json").out()))
        .isNotEmpty();
  }

  @Test
  void whatAPushSaysOfAVersionIsKept() {
    String run = registry
        .post("/api/2.0/mlflow/runs/create", "alice", Map.of("experiment_id", "0"))
        .expect(200)
        .json()
        .at("/run/info/run_id")
        .asText();
    String file = Shell.demoModel().toString();

    shell.run(
        0,
        "push",
        "typed-told",
        file,
        "-m",
        "said",
        "--tag",
        "team=risk",
        "--tag",
        "x=y",
        "--run",
        run);

    assertThat(shell.run(0, "show", "typed-told:1").out()).contains("said", "team", "risk", run);
    shell.run(0, "pull", "typed-told:1");
    assertThat(folder.resolve("typed-told-1/model.onnx")).hasSameBinaryContentAs(Path.of(file));
    assertThat(shell.run(2, "push", "typed-told:2", file).err()).contains("numbers versions");
  }

  @Test
  void filesThatASourceNamesAreCopiedAndWaitedFor() {
    try (ObjectStore store = ObjectStores.open(elsewhere)) {
      store.put("models/iris/model.onnx", new ByteArrayInputStream(IrisModels.onnx(1)));
    }
    registry.createModel("typed-copied").expect(201);
    for (String folder : List.of("models/iris", "models/nothing")) {
      registry
          .post(
              "/api/2.0/mlflow/model-versions/create",
              "alice",
              Map.of("name", "typed-copied", "source", "s3://" + elsewhere.bucket() + "/" + folder))
          .expect(200);
    }

    String copied = shell.run(0, "copy", "typed-copied:1").out();

    assertThat(copied).startsWith("typed-copied:1  sha256:");
    assertThat(shell.run(0, "copy", "typed-copied:1").out()).isEqualTo(copied);
    assertThat(shell.run(1, "copy", "typed-copied:latest").err()).contains("was not copied");
  }

  @Test
  void onlyTheCheckpointsOfANamedKeyCountAndALogIsNotWrittenOver() throws IOException {
    Path log = folder.resolve("audit.jsonl");
    shell.run(0, "audit", "export", log.toString());
    String key = shell
        .run(0, "audit", "verify", log.toString())
        .out()
        .replaceFirst("(?s).*signed by key (\\S+).*", "$1");

    assertThat(shell.run(0, "audit", "verify", log.toString(), "--key", key).out())
        .startsWith("intact: ");
    assertThat(shell
            .run(1, "audit", "verify", log.toString(), "--key", "nobodys-key")
            .out())
        .startsWith("BROKEN");
    assertThat(shell.run(3, "audit", "export", log.toString()).err()).contains("there already");
    assertThat(shell.run(0, "audit", "export").out()).startsWith("{");
  }

  private static void until(Callable<Boolean> seen) {
    await().atMost(Duration.ofSeconds(60)).until(seen);
  }
}
