package dev.slipway.launcher.user;

import picocli.CommandLine.Command;

@Command(
    name = "rollout",
    description = "What is live, what was, and the way back.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RolloutStatusCommand.class,
      RolloutHistoryCommand.class,
      RolloutAdvanceCommand.class,
      RolloutUndoCommand.class
    },
    mixinStandardHelpOptions = true)
public final class RolloutCommand {}
