package dev.slipway.launcher.user;

import picocli.CommandLine.Command;

@Command(
    name = "policy",
    description = "What a move needs: of one model, of a group of models, or of the server.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PolicyShowCommand.class, PolicySetCommand.class, PolicyHistoryCommand.class},
    mixinStandardHelpOptions = true)
public final class PolicyCommand {}
