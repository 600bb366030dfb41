package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script's search for a JDK, with JDKs that are only folders. The fake {@code java} prints which JDK was run, and the tree
 * counts as built.
 */
class JdkSearchTest {
  private static final Path SCRIPT = Path.of("../../slipway").toAbsolutePath().normalize();

  @TempDir
  private Path temp;

  private Path tools;
  private Path tree;

  @BeforeEach
  void layOutABuiltTree() throws IOException {
    tools = Files.createDirectories(temp.resolve("tools"));
    for (String tool : new String[] {
      "sh", "dirname", "readlink", "sed", "head", "cat", "find", "mkdir", "rm", "date"
    }) {
      Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + which(tool) + " \"$@\"\n");
      allowToRun(tools.resolve(tool));
    }
    tree = Files.createDirectories(temp.resolve("tree"));
    Files.copy(SCRIPT, tree.resolve("slipway"));
    allowToRun(tree.resolve("slipway"));
    Files.createDirectories(tree.resolve(".slipway"));
    Files.writeString(tree.resolve("pom.xml"), "");
    for (String jar : new String[] {
      "registry-service/target/quarkus-app/quarkus-run.jar",
      "serving-service/target/quarkus-app/quarkus-run.jar",
      "deploy/launcher/target/lib/slipway-launcher.jar"
    }) {
      Files.createDirectories(tree.resolve(jar).getParent());
      Files.writeString(tree.resolve(jar), "");
    }
    Files.writeString(tree.resolve(".slipway/built"), "");
  }

  @Test
  void shouldPassByAnOlderJdkThatStandsFirstInPath() throws Exception {
    Path old = jdk("old", "17.0.15");
    Path fit = jdk("fit", "25.0.1");
    Outcome outcome =
        run(Map.of("PATH", tools + ":" + old.resolve("bin"), "SLIPWAY_JDK_PLACES", fit.toString()));
    assertThat(outcome).isEqualTo(new Outcome(0, "ran fit"));
  }

  @Test
  void shouldTakeJavaHomeFirstWhenItFits() throws Exception {
    Path home = jdk("home", "26");
    Path other = jdk("other", "25.0.1");
    Outcome outcome = run(Map.of(
        "PATH",
        tools + ":" + other.resolve("bin"),
        "JAVA_HOME",
        home.toString(),
        "SLIPWAY_JDK_PLACES",
        "/none"));
    assertThat(outcome).isEqualTo(new Outcome(0, "ran home"));
  }

  @Test
  void shouldNotTrustAJavaHomeThatIsTooOld() throws Exception {
    Path home = jdk("home", "1.8.0_402");
    Path other = jdk("other", "25.0.1");
    Outcome outcome = run(Map.of(
        "PATH",
        tools + ":" + other.resolve("bin"),
        "JAVA_HOME",
        home.toString(),
        "SLIPWAY_JDK_PLACES",
        "/none"));
    assertThat(outcome).isEqualTo(new Outcome(0, "ran other"));
  }

  @Test
  void shouldFollowTheLinkThatPathNames() throws Exception {
    Path fit = jdk("fit", "25");
    Path links = Files.createDirectories(temp.resolve("links"));
    Files.createSymbolicLink(links.resolve("java"), fit.resolve("bin/java"));
    Outcome outcome = run(Map.of("PATH", tools + ":" + links, "SLIPWAY_JDK_PLACES", "/none"));
    assertThat(outcome).isEqualTo(new Outcome(0, "ran fit"));
  }

  @Test
  void shouldNotTakeARuntimeWithoutACompiler() throws Exception {
    Path runtime = jdk("runtime", "25");
    Files.delete(runtime.resolve("bin/javac"));
    Outcome outcome =
        run(Map.of("PATH", tools.toString(), "SLIPWAY_JDK_PLACES", runtime.toString()));
    assertThat(outcome.code()).isEqualTo(1);
  }

  @Test
  void shouldSayWhatToInstallWhenThereIsNone() throws Exception {
    Path old = jdk("old", "21.0.2");
    Outcome outcome =
        run(Map.of("PATH", tools + ":" + old.resolve("bin"), "SLIPWAY_JDK_PLACES", "/none"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .contains("JDK 25 or newer is needed")
        .contains("JDK 21 in " + old)
        .contains("apt install", "brew install", "sdk install java 25");
  }

  @Test
  void shouldWorkFromAnyDirectoryAndThroughALink() throws Exception {
    Path fit = jdk("fit with spaces", "25.0.1");
    Path link = Files.createSymbolicLink(temp.resolve("link"), tree.resolve("slipway"));
    Outcome outcome = run(
        link,
        temp,
        Map.of(
            "PATH", tools.toString(), "JAVA_HOME", fit.toString(), "SLIPWAY_JDK_PLACES", "/none"));
    assertThat(outcome).isEqualTo(new Outcome(0, "ran fit with spaces"));
  }

  /** Nothing here could be run or built: there is no JDK. */
  @Test
  void shouldSayWhatTheDrillsAreWithoutBuildingAnything() throws Exception {
    Files.createDirectories(tree.resolve("deploy/drills"));
    Files.writeString(tree.resolve("deploy/drills/help.txt"), "the drills");
    Files.delete(tree.resolve(".slipway/built"));
    Map<String, String> nothing = Map.of("PATH", tools.toString(), "SLIPWAY_JDK_PLACES", "/none");
    assertThat(run(tree.resolve("slipway"), tree, nothing, "drill", "--help"))
        .isEqualTo(new Outcome(0, "the drills"));
    assertThat(run(tree.resolve("slipway"), tree, nothing, "drill"))
        .isEqualTo(new Outcome(2, "the drills"));
  }

  private record Outcome(int code, String output) {}

  private Outcome run(Map<String, String> environment) throws Exception {
    return run(tree.resolve("slipway"), tree, environment);
  }

  private Outcome run(Path script, Path directory, Map<String, String> environment)
      throws Exception {
    return run(script, directory, environment, "status");
  }

  private Outcome run(
      Path script, Path directory, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("HOME", temp.toString());
    Process process = builder.start();
    String output = new String(
        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), output.strip());
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = temp.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    for (String program : new String[] {"java", "javac"}) {
      Files.writeString(
          home.resolve("bin").resolve(program), "#!/bin/sh\necho \"ran " + name + "\"\n");
      allowToRun(home.resolve("bin").resolve(program));
    }
    return home;
  }

  private static void allowToRun(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path which(String tool) {
    for (String directory : new String[] {"/bin", "/usr/bin"}) {
      if (Files.isExecutable(Path.of(directory, tool))) {
        return Path.of(directory, tool);
      }
    }
    throw new IllegalStateException("no " + tool + " on this machine");
  }
}
