package dev.slipway.launcher.user;

import dev.slipway.launcher.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Write the whole log with its signed checkpoints, one JSON object a line.",
    mixinStandardHelpOptions = true)
final class AuditExportCommand implements Callable<Integer> {
  static final String PATH = "/api/v1/audit/export";

  @Mixin
  private Target target;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where to. Default: standard output.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    if (file != null && Files.exists(file)) {
      throw CommandFailure.conflict(file + " is there already: a log is not written over");
    }
    try (InputStream log = target.registry().download(PATH, 0).body()) {
      if (file == null) {
        log.transferTo(System.out);
        System.out.flush();
      } else {
        Files.copy(log, file);
      }
    }
    return 0;
  }
}
