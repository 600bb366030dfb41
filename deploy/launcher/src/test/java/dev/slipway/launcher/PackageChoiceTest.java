package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script builds the package that {@code SLIPWAY_PACKAGE} names; Maven is a program that notes how it was called. */
class PackageChoiceTest {
  private static final Path SCRIPT = Path.of("../../slipway").toAbsolutePath().normalize();

  @TempDir
  private Path tree;

  private Path jdk;

  @BeforeEach
  void layOutABuiltTree() throws IOException {
    Files.copy(SCRIPT, tree.resolve("slipway"));
    write("pom.xml", "");
    for (String jar : List.of(
        "registry-service/target/quarkus-app/quarkus-run.jar",
        "serving-service/target/quarkus-app/quarkus-run.jar",
        "deploy/launcher/target/lib/slipway-launcher.jar")) {
      write(jar, "");
    }
    jdk = tree.resolve("jdk");
    write("jdk/release", "JAVA_VERSION=\"25\"\n");
    write("jdk/bin/java", "#!/bin/sh\necho started\n");
    write("jdk/bin/javac", "#!/bin/sh\n");
    write("mvnw", "#!/bin/sh\necho \"$*\" >>calls\n");
    write("calls", "");
    write(".slipway/built", "");
  }

  private void write(String file, String content) throws IOException {
    Path path = tree.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Outcome(int code, String output) {}

  private Outcome run(String wanted) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(tree.resolve("slipway").toString(), "status")
        .directory(tree.toFile())
        .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().remove("SLIPWAY_PACKAGE");
    if (wanted != null) {
      builder.environment().put("SLIPWAY_PACKAGE", wanted);
    }
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), output);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(tree.resolve("calls"));
  }

  @Test
  void shouldBuildAnewWhenAnotherPackageIsWantedAndNotOtherwise() throws Exception {
    assertThat(run(null)).isEqualTo(new Outcome(0, "started"));
    assertThat(calls()).as("the usual one is built").isEmpty();

    assertThat(run("tensorflow").output()).endsWith("started");
    assertThat(calls()).hasSize(1).allMatch(call -> call.contains(" -Dtensorflow "));
    assertThat(run("tensorflow")).isEqualTo(new Outcome(0, "started"));
    assertThat(calls()).hasSize(1);

    assertThat(run(null).output()).endsWith("started");
    assertThat(calls()).hasSize(2);
    assertThat(calls().getLast()).doesNotContain("-Dtensorflow");
  }

  @Test
  void shouldRefuseAPackageThatThereIsNot() throws Exception {
    Outcome outcome = run("torch");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.output()).contains("'torch'", "slim", "tensorflow");
    assertThat(calls()).isEmpty();
  }
}
