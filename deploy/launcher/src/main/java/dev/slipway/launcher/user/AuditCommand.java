package dev.slipway.launcher.user;

import picocli.CommandLine.Command;

@Command(
    name = "audit",
    description = "The audit log: who did what, in a chain that shows what was changed.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AuditExportCommand.class, AuditVerifyCommand.class},
    mixinStandardHelpOptions = true)
public final class AuditCommand {}
