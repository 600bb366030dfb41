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
import java.util.stream.Stream;

/** Starts the child process: this Java, this program's own files, nothing of its environment. */
final class ProbeCommand {
  private ProbeCommand() {}

  static Process start(ProbeSettings settings) throws IOException {
    clear(settings.folder());
    Files.createDirectories(settings.folder());
    long heap = settings.heap() >> 20;
    List<String> words = List.of(
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
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        ProbeMain.class.getName(),
        settings.libtorch().toString(),
        Boolean.toString(settings.torchscript()),
        settings.tensorflow().toString(),
        Boolean.toString(settings.savedModels()));
    var builder = new ProcessBuilder(words);
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

  /** Of the package, whose libraries lie in folders beside the application's own jar; elsewhere, as in tests, this process's. */
  private static String classpath() throws IOException {
    Path own;
    try {
      own = Path.of(
          ProbeMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the program's own files cannot be found", e);
    }
    Path application = own.getParent().getParent();
    Path libraries = application.resolve("lib").resolve("main");
    return Files.isDirectory(libraries)
        ? Stream.of("app", "lib/main", "lib/boot")
            .map(part -> application.resolve(part).resolve("*"))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator))
        : System.getProperty("java.class.path");
  }
}
