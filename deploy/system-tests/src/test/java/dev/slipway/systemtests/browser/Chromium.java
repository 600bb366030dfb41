package dev.slipway.systemtests.browser;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's own Chromium. Where none is: installed from the distribution if {@code CI=true}, or the tests fail with the reason; elsewhere
 * they are skipped with it.
 */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");
  private static final String MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  private static final long INSTALL_MINUTES = 5;

  private Chromium() {}

  static Path executable() {
    Optional<Path> found = find();
    if (found.isPresent()) {
      return found.get();
    }
    if (!"true".equals(System.getenv("CI"))) {
      return Assumptions.abort("no Chromium in PATH (" + String.join(", ", NAMES)
          + "): apt install chromium, or name one in SLIPWAY_CHROMIUM");
    }
    String said = install();
    return find()
        .orElseThrow(() -> new AssertionError("CI=true, and there is no Chromium: " + said));
  }

  private static Optional<Path> find() {
    String named = System.getenv("SLIPWAY_CHROMIUM");
    Stream<Path> inPath = Arrays.stream(
            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    return Stream.concat(
            Stream.concat(named == null ? Stream.empty() : Stream.of(Path.of(named)), inPath),
            Stream.of(Path.of(MAC)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Answers what the package manager said, for the case that it did not help. */
  private static String install() {
    try {
      String said = run("apt-get", "update") + run("apt-get", "install", "-y", "chromium");
      return said.length() > 2000 ? said.substring(said.length() - 2000) : said;
    } catch (IOException e) {
      return "this machine has no apt-get (" + e.getMessage() + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("slipway-chromium", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      return Files.readString(log);
    } finally {
      Files.delete(log);
    }
  }
}
