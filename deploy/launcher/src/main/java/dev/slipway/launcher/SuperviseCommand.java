package dev.slipway.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.stack.StackFiles;
import dev.slipway.launcher.stack.StackOptions;
import dev.slipway.launcher.stack.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "supervise",
    hidden = true,
    description = "Own the processes of a stack. `up` starts this in the background.")
final class SuperviseCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = WireJson.mapper();

  @Option(names = "--data", required = true)
  private Path data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StackFiles files = new StackFiles(data);
    StackOptions options = JSON.readValue(files.options().toFile(), StackOptions.class);
    return new Supervisor(files, options, DataOption.home(), Clock.systemUTC()).run() ? 0 : 1;
  }
}
