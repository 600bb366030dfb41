package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.launcher.process.Leftovers;
import dev.slipway.launcher.stack.StackFiles;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Launcher;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir
  private Path data;

  @AfterEach
  void leaveNothingBehind() {
    Launcher.run("down", "--data", data.toString());
  }

  @Test
  void shouldTellTheWholeStoryAndLeaveNothingRunning() {
    ClusterPlan.usual().requirePackages();

    Launcher.Outcome demo = Launcher.run("demo", "--data", data.toString());

    assertThat(demo.code()).as(demo.out() + demo.err()).isZero();
    assertThat(demo.out())
        .containsSubsequence(
            "Alice registers a model",
            "version 1 says: Iris ",
            "version 2 says: Iris ",
            "rollback time ",
            "version 1 says: Iris ",
            "newest first",
            "Who approved what",
            "bob");
    assertThat(demo.out() + demo.err()).doesNotContain("there is no start-up cache");
    StackFiles files = new StackFiles(data);
    assertThat(Leftovers.of(files.data(), files.database())).isEmpty();
  }
}
