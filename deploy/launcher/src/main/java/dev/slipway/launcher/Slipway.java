package dev.slipway.launcher;

import dev.slipway.launcher.user.AuditCommand;
import dev.slipway.launcher.user.ChecksCommand;
import dev.slipway.launcher.user.CompareCommand;
import dev.slipway.launcher.user.CompletionCommand;
import dev.slipway.launcher.user.CopyCommand;
import dev.slipway.launcher.user.GatewaysCommand;
import dev.slipway.launcher.user.LoginCommand;
import dev.slipway.launcher.user.ModelsCommand;
import dev.slipway.launcher.user.PolicyCommand;
import dev.slipway.launcher.user.PredictCommand;
import dev.slipway.launcher.user.PromoteCommand;
import dev.slipway.launcher.user.PullCommand;
import dev.slipway.launcher.user.PushCommand;
import dev.slipway.launcher.user.RequestsCommand;
import dev.slipway.launcher.user.ReviewCommand;
import dev.slipway.launcher.user.RolloutCommand;
import dev.slipway.launcher.user.ShowCommand;
import dev.slipway.launcher.user.VersionsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of the {@code slipway} command. */
@Command(
    name = "slipway",
    description = "A model registry and a serving gateway.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      ResetCommand.class,
      DownCommand.class,
      SuperviseCommand.class,
      LoginCommand.class,
      PushCommand.class,
      PullCommand.class,
      CopyCommand.class,
      ModelsCommand.class,
      VersionsCommand.class,
      ShowCommand.class,
      CompareCommand.class,
      PromoteCommand.class,
      RequestsCommand.class,
      ReviewCommand.class,
      ChecksCommand.class,
      PolicyCommand.class,
      RolloutCommand.class,
      PredictCommand.class,
      GatewaysCommand.class,
      AuditCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "  test     Run every test (`slipway test`, the same as ./mvnw verify).",
      "  drill    Run the long form of a test, with its figures (`slipway drill --help`).",
      ""
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:refused or failed",
      "2:wrong usage",
      "3:something else is in the way",
      "4:took too long"
    },
    mixinStandardHelpOptions = true,
    version = "slipway 0.1.0")
public final class Slipway {
  private Slipway() {}

  /** @param arguments see {@code slipway help} */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Slipway())
        .setCaseInsensitiveEnumValuesAllowed(true)
        // `predict -d @rows.json` is read by the command, as curl reads it: not as more arguments.
        .setExpandAtFiles(false)
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          command.getErr().println("slipway: " + failure.getMessage());
          return failure instanceof CommandFailure known
              ? known.exitCode()
              : unexpected(failure, command);
        });
  }

  private static int unexpected(Exception failure, CommandLine command) {
    if (System.getenv("SLIPWAY_DEBUG") == null) {
      command
          .getErr()
          .println("  (" + failure.getClass().getName() + "; SLIPWAY_DEBUG=1 shows where)");
    } else {
      failure.printStackTrace(command.getErr());
    }
    return 1;
  }
}
