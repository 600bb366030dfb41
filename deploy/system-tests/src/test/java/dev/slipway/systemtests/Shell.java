package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Launcher;
import dev.slipway.systemtests.cluster.Launcher.Outcome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Somebody at a shell, who types the packaged command. */
final class Shell {
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  /** Alice's, who types in {@code folder} and stores her log-in there. */
  Shell(Cluster cluster, Path folder) {
    this.folder = folder;
    environment.put("SLIPWAY_REGISTRY_URL", cluster.registry().url().toString());
    environment.put("SLIPWAY_SERVING_URL", cluster.serving().url().toString());
    environment.put("SLIPWAY_USER", "alice");
    environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Runs it to its end, which must be with exit code {@code code}. */
  Outcome run(int code, String... arguments) {
    return piped(null, code, arguments);
  }

  /** As {@link #run}, with a file as its standard input. */
  Outcome piped(Path input, int code, String... arguments) {
    Outcome outcome = Launcher.run(folder, environment, input, arguments);
    assertThat(outcome.code())
        .as(String.join(" ", arguments) + "\n" + outcome.out() + outcome.err())
        .isEqualTo(code);
    return outcome;
  }

  /** A file to push. */
  static Path demoModel() {
    return ClusterPlan.usual().home().resolve("deploy/demo/iris-v1/model.onnx");
  }

  /** Starts one that goes on. */
  Launcher.Running start(String... arguments) {
    return Launcher.start(environment, arguments);
  }
}
