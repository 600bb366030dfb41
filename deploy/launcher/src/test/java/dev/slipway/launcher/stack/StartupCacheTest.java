package dev.slipway.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupCacheTest {
  private static final String MODULE = "serving-service";

  @TempDir
  Path home;

  private Path app;

  @BeforeEach
  void packageTheService() throws IOException {
    app = home.resolve(MODULE).resolve("target/quarkus-app");
    for (String jar : List.of(
        "quarkus/generated-bytecode.jar",
        "quarkus/transformed-bytecode.jar",
        "app/service.jar",
        "lib/boot/log.jar",
        "lib/main/engine.jar")) {
      Files.createDirectories(app.resolve(jar).getParent());
      Files.writeString(app.resolve(jar), jar);
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Add-Opens", "java.base/java.lang java.base/java.nio");
    try (OutputStream out = Files.newOutputStream(app.resolve("quarkus-run.jar"));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.finish();
    }
    writeApplication(2);
  }

  private void writeApplication(int version) throws IOException {
    Path application = app.resolve("quarkus/quarkus-application.dat");
    try (var out = new DataOutputStream(Files.newOutputStream(application))) {
      out.writeInt(0xF0315432);
      out.writeInt(version);
      out.writeUTF("org.example.ServiceMain");
    }
  }

  @Test
  void serviceStartsAsItIsPackagedWhileThereIsNoCache() throws IOException {
    StartupCache cache = StartupCache.of(home, MODULE);
    assertThat(cache.exists()).isFalse();
    assertThat(cache.launch()).containsExactly("-jar", app + "/quarkus-run.jar");
  }

  @Test
  void serviceStartsFromTheSameJarThatItWasTrainedWith() throws IOException {
    List<String> training = StartupCache.of(home, MODULE).train();
    assertThat(StartupCache.of(home, MODULE).adopt()).isFalse();
    leave(training);
    assertThat(StartupCache.of(home, MODULE).adopt()).isTrue();
    List<String> launch = StartupCache.of(home, MODULE).launch();
    assertThat(launch.getFirst()).startsWith("-XX:AOTCache=");
    assertThat(launch.getLast()).isEqualTo(training.getLast());
    try (JarFile runner = new JarFile(launch.getLast())) {
      assertThat(runner.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("org.example.ServiceMain");
      assertThat(runner.getManifest().getMainAttributes().getValue("Add-Opens"))
          .isEqualTo("java.base/java.lang java.base/java.nio");
      String path = runner.getManifest().getMainAttributes().getValue("Class-Path");
      assertThat(path.split(" "))
          .allSatisfy(url -> assertThat(URI.create(url).isAbsolute()).as(url).isFalse())
          .allSatisfy(
              url -> assertThat(Path.of(launch.getLast()).resolveSibling(url)).exists())
          .extracting(url -> url.substring(url.lastIndexOf('/') + 1))
          .containsExactly(
              "generated-bytecode.jar",
              "transformed-bytecode.jar",
              "service.jar",
              "log.jar",
              "engine.jar");
    }
  }

  @Test
  void packagingOfAnotherFormIsNotGuessedAt() throws IOException {
    writeApplication(3);
    StartupCache cache = StartupCache.of(home, MODULE);
    assertThatThrownBy(cache::train)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Quarkus");
  }

  @Test
  void cacheOfAnotherBuildIsIgnored() throws IOException {
    leave(StartupCache.of(home, MODULE).train());
    StartupCache.of(home, MODULE).adopt();
    Files.writeString(app.resolve("app/service.jar"), "built again");
    assertThat(StartupCache.of(home, MODULE).launch())
        .containsExactly("-jar", app + "/quarkus-run.jar");
  }

  /** What the virtual machine does when the training run ends. */
  private static void leave(List<String> training) throws IOException {
    String output = training.getFirst().substring("-XX:AOTCacheOutput=".length());
    Files.writeString(Path.of(output), "an archive");
  }
}
