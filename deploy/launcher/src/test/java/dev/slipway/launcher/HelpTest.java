package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class HelpTest {
  private static final Path GOLDEN = Path.of("src/test/resources/help.txt");

  /** {@code SLIPWAY_WRITE_HELP=1} writes it anew; then read what has changed. */
  @Test
  void everyCommandsHelpIsAsItWasRead() throws IOException {
    StringBuilder all = new StringBuilder();
    for (CommandLine command : commands(Slipway.commandLine())) {
      all.append("$ ").append(command.getCommandSpec().qualifiedName()).append(" --help\n");
      all.append(command.getUsageMessage(Ansi.OFF).replace("\r\n", "\n")).append('\n');
    }
    if (System.getenv("SLIPWAY_WRITE_HELP") != null) {
      Files.writeString(GOLDEN, all);
    }
    assertThat(all.toString()).isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void completionKnowsEveryCommandAndItsOptions() {
    String script = picocli.AutoComplete.bash("slipway", Slipway.commandLine());

    assertThat(script).contains("promote", "rollout", "--to", "--approve", "complete -F");
  }

  private static List<CommandLine> commands(CommandLine root) {
    List<CommandLine> found = new ArrayList<>(List.of(root));
    root.getSubcommands().values().stream()
        .distinct()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .filter(command -> !command.getCommandName().equals("help"))
        .forEach(command -> found.addAll(commands(command)));
    return found;
  }
}
