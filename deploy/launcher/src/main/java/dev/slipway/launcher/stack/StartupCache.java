package dev.slipway.launcher.stack;

import dev.slipway.common.artifact.Digest;
import dev.slipway.launcher.postgres.Directories;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ahead-of-time cache of one packaged service (JEP 514): classes loaded and linked, and the profiles of a training run. It is
 * made for exactly one set of jars and one Java virtual machine, and lies in a folder that is named after both: after a build or
 * another JDK there is none, until it is trained again.
 *
 * <p>The archive wants the system class loader, which Quarkus' own runner does not use: the service is then started from a jar that
 * has nothing but a manifest, with the same jars as its class path.
 */
public final class StartupCache {
  private static final int MAGIC = 0xF0315432;
  private static final int VERSION = 2;
  private static final Attributes.Name ADD_OPENS = new Attributes.Name("Add-Opens");

  private final Path app;
  private final Path all;
  private final Path folder;

  private StartupCache(Path app, Path all, String key) {
    this.app = app;
    this.all = all;
    this.folder = all.resolve(key);
  }

  /**
   * The cache for the service as it is packaged now.
   *
   * @param home the root of the repository
   * @param module registry-service or serving-service
   */
  public static StartupCache of(Path home, String module) throws IOException {
    Path app = home.resolve(module).resolve("target/quarkus-app");
    String parts = jars(app).stream().map(StartupCache::stamp).collect(Collectors.joining("\n"));
    String machine = Runtime.version() + " " + System.getProperty("os.arch") + "\n" + app + "\n";
    String key = Digest.of((machine + parts).getBytes(StandardCharsets.UTF_8)).shortHex();
    return new StartupCache(app, home.resolve(".slipway/aot").resolve(module), key);
  }

  /** Whether a training run has made it. */
  public boolean exists() {
    return Files.exists(cache());
  }

  /** The end of the command line that starts the service: with the cache where there is one, else as Quarkus packaged it. */
  List<String> launch() {
    if (!exists()) {
      return List.of("-jar", app.resolve("quarkus-run.jar").toString());
    }
    return plain("-XX:AOTCache=" + cache());
  }

  /** As {@link #launch}, of a run that the cache is made from when it ends. Caches of other builds are deleted. */
  List<String> train() throws IOException {
    Directories.delete(all);
    Files.createDirectories(folder);
    writeRunner();
    return plain("-XX:AOTCacheOutput=" + fresh());
  }

  /** Takes what the training run left into use; answers whether it left anything. */
  public boolean adopt() throws IOException {
    if (Files.exists(fresh())) {
      Files.move(fresh(), cache());
    }
    return exists();
  }

  private List<String> plain(String option) {
    // Both properties as Quarkus' own runner sets them, before anything logs or runs.
    return List.of(
        option,
        "-Xlog:aot=off",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
        "-jar",
        runner().toString());
  }

  private void writeRunner() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, mainClass());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        jars(app).stream().map(this::besideTheRunner).collect(Collectors.joining(" ")));
    opens().ifPresent(opens -> attributes.put(ADD_OPENS, opens));
    try (OutputStream out = Files.newOutputStream(runner());
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
  }

  /** The virtual machine archives what a manifest names relative to its jar; classes of a whole URL it loads, but leaves out. */
  private String besideTheRunner(Path jar) {
    try {
      return new URI(null, null, folder.relativize(jar).toString(), null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(jar + " cannot be named in a manifest", e);
    }
  }

  /** The packages of the JDK that the packaged service opens to its libraries: their threads would end with errors without. */
  private Optional<String> opens() throws IOException {
    try (JarFile packaged = new JarFile(app.resolve("quarkus-run.jar").toFile())) {
      return Optional.ofNullable(packaged.getManifest())
          .map(manifest -> manifest.getMainAttributes().getValue(ADD_OPENS));
    }
  }

  /** As Quarkus' packaging has it (io.quarkus.bootstrap.runner.SerializedApplication): a magic number, a version, the class. */
  private String mainClass() throws IOException {
    Path application = app.resolve("quarkus/quarkus-application.dat");
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(application)))) {
      if (in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw new IOException(application + " is not what this version of Quarkus writes");
      }
      return in.readUTF();
    }
  }

  /** In the order in which Quarkus' runner looks: what was generated or changed at build time wins over where it came from. */
  private static List<Path> jars(Path app) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String name :
        List.of("quarkus/generated-bytecode.jar", "quarkus/transformed-bytecode.jar")) {
      Path jar = app.resolve(name);
      if (Files.exists(jar)) {
        jars.add(jar);
      }
    }
    for (String name : List.of("app", "lib/boot", "lib/main")) {
      try (Stream<Path> files = Files.list(app.resolve(name))) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
      }
    }
    return jars;
  }

  private static String stamp(Path jar) {
    try {
      return jar.getFileName() + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path runner() {
    return folder.resolve("run.jar");
  }

  private Path cache() {
    return folder.resolve("app.aot");
  }

  private Path fresh() {
    return folder.resolve("app.aot.new");
  }
}
