package dev.slipway.serving.probe;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Starts the child process: this Java, this program's own files, nothing of its environment. */
final class ProbeCommand {
  /** One class of each library that engines and wire records need; what runs the gateway beside them stays out. */
  private static final List<String> NEEDED = List.of(
      "dev.slipway.serving.probe.ProbeMain",
      "dev.slipway.common.job.Job",
      "ai.onnxruntime.OrtEnvironment",
      "com.fasterxml.jackson.core.JsonFactory",
      "com.fasterxml.jackson.databind.ObjectMapper",
      "com.fasterxml.jackson.annotation.JsonCreator",
      "com.fasterxml.jackson.datatype.jsr310.JavaTimeModule",
      "io.netty.buffer.ByteBuf",
      "io.netty.util.ReferenceCounted",
      "jakarta.enterprise.context.ApplicationScoped",
      "jakarta.inject.Inject",
      "org.jboss.logging.Logger",
      "org.yaml.snakeyaml.Yaml");

  private ProbeCommand() {}

  static Process start(ProbeSettings settings) throws IOException {
    clear(settings.folder());
    Files.createDirectories(settings.folder());
    long heap = settings.heap() >> 20;
    var builder = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms16m",
        "-Xmx" + heap + "m",
        "-XX:MaxDirectMemorySize=" + heap + "m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+SuppressFatalErrorMessage",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Djava.io.tmpdir=" + settings.folder(),
        "dev.slipway.serving.probe.ProbeMain");
    builder.environment().keySet().removeIf(name -> !name.equals("PATH") && !name.equals("LANG"));
    // Not on the command line: ONNX Runtime reads that while it is loaded, and takes no long one.
    builder.environment().put("CLASSPATH", classpath());
    builder.directory(settings.folder().toFile());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }

  /** Deletes what a process left behind: a runtime unpacks its native library there, and a killed one does not tidy up. */
  static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (UncheckedIOException failed) {
        throw failed.getCause();
      }
    }
  }

  private static String classpath() {
    return NEEDED.stream()
        .map(ProbeCommand::home)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String home(String type) {
    try {
      return Path.of(Class.forName(type, false, ProbeCommand.class.getClassLoader())
              .getProtectionDomain()
              .getCodeSource()
              .getLocation()
              .toURI())
          .toString();
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException("the program's own files cannot be found: " + type, e);
    }
  }
}
