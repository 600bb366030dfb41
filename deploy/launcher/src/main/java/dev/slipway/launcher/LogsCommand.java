package dev.slipway.launcher;

import dev.slipway.launcher.stack.LocalStack;
import dev.slipway.launcher.stack.LogTail;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = "Show the end of a process's log.",
    mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
  private static final long LOOK_MS = 200;

  @Mixin
  private DataOption data;

  @Parameters(
      arity = "0..1",
      defaultValue = "registry",
      paramLabel = "NAME",
      description = "registry, serving, postgres or supervisor. Default: registry.")
  private Name name;

  @Option(
      names = "-n",
      defaultValue = "50",
      paramLabel = "LINES",
      description = "How many lines. Default: 50.")
  private int lines;

  @Option(names = "-f", description = "Go on as the log grows.")
  private boolean follow;

  /** The processes that write a log. */
  enum Name {
    registry,
    serving,
    postgres,
    supervisor
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalStack stack = data.stack();
    Path log = stack.files().log(name.name());
    if (!log.toFile().exists()) {
      throw CommandFailure.refused("there is no log yet: " + log);
    }
    long seen = log.toFile().length();
    System.out.println(LogTail.of(log, lines));
    while (follow) {
      seen = copyFrom(log, seen);
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
    return 0;
  }

  private static long copyFrom(Path log, long seen) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      // A log that has become shorter was begun anew.
      file.seek(seen > file.length() ? 0 : seen);
      byte[] buffer = new byte[8192];
      for (int read = file.read(buffer); read > 0; read = file.read(buffer)) {
        System.out.write(buffer, 0, read);
      }
      System.out.flush();
      return file.getFilePointer();
    }
  }
}
