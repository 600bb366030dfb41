package dev.slipway.launcher.stack;

import dev.slipway.launcher.process.Leftovers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a packaged service is started: its settings as system properties, where a process list shows them, and its secrets in the
 * environment, where it does not.
 */
public final class ServiceCommand {
  private final Path home;
  private final String module;
  private final List<String> jvm = new ArrayList<>();
  private final Map<String, String> settings = new TreeMap<>();
  private final Map<String, String> secrets = new TreeMap<>();
  private boolean training;

  /**
   * @param home the root of the repository
   * @param module registry-service or serving-service
   * @param stack the data directory that the process belongs to
   */
  public ServiceCommand(Path home, String module, Path stack) {
    this.home = home;
    this.module = module;
    jvm.add(Leftovers.mark(stack));
    jvm.add("--enable-native-access=ALL-UNNAMED");
    jvm.add("--sun-misc-unsafe-memory-access=allow");
    jvm.add("-XX:+ExitOnOutOfMemoryError");
    with("quarkus.http.host", "127.0.0.1");
  }

  /** Sets one configuration property. */
  public ServiceCommand with(String key, Object value) {
    settings.put(key, value.toString());
    return this;
  }

  /** Sets one environment variable, for what must not show in a process list. */
  public ServiceCommand withSecret(String variable, String value) {
    secrets.put(variable, value);
    return this;
  }

  /** Adds options of the virtual machine, such as {@code -Xmx256m}. */
  public ServiceCommand withJvm(String... options) {
    jvm.addAll(List.of(options));
    return this;
  }

  /** Adds the options in an environment variable of the caller, if it is set. */
  public ServiceCommand withJvmOf(String variable) {
    String options = System.getenv(variable);
    return options == null || options.isBlank() ? this : withJvm(options.strip().split("\\s+"));
  }

  /** The start-up cache is made from this process when it ends. */
  void training() {
    training = true;
  }

  /** Starts it, its output appended to {@code log}. */
  public Process start(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(jvm);
    settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
    StartupCache cache = StartupCache.of(home, module);
    command.addAll(training ? cache.train() : cache.launch());
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(secrets);
    return builder.start();
  }
}
