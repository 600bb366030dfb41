package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.drill.Drill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class DrillHelpTest {
  /** {@code SLIPWAY_WRITE_HELP=1} writes it anew; then read what has changed. */
  @Test
  void whatIsSaidBeforeAnythingIsBuiltIsWhatTheDrillsSay() throws IOException {
    Path kept = ClusterPlan.usual().home().resolve("deploy/drills/help.txt");
    String help = Drill.commandLine().getUsageMessage(Ansi.OFF).replace("\r\n", "\n");
    if (System.getenv("SLIPWAY_WRITE_HELP") != null) {
      Files.writeString(kept, help);
    }
    assertThat(help).isEqualTo(Files.readString(kept));
  }
}
