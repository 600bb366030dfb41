package dev.slipway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.launcher.client.ScriptedService;
import dev.slipway.launcher.client.ScriptedService.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a login's token goes, in processes with environments of their own. */
class LoginTest {
  private static final Answer WHATEVER = Answer.ok("{'name':'dora','models':[]}");
  private static final String WITH_TOKEN = basic("dora:s3cret");
  private static final String WITHOUT = basic("dora:");

  @TempDir
  private Path folder;

  private final ScriptedService home = new ScriptedService(WHATEVER);
  private final ScriptedService elsewhere = new ScriptedService(WHATEVER);
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void logInWithTheTokenOfTheEnvironment() throws Exception {
    environment.put("SLIPWAY_TOKEN", "s3cret");
    run("login", home.url(), "--as", "dora");
    environment.clear();
  }

  @AfterEach
  void close() {
    home.close();
    elsewhere.close();
  }

  @Test
  void aTokenOfTheEnvironmentIsUsedAndKept() throws Exception {
    run("models");

    assertThat(home.proofs()).containsExactly(WITH_TOKEN, WITH_TOKEN);
  }

  @Test
  void anotherRegistryIsToldTheNameAndNotTheToken() throws Exception {
    run("models", "--registry", elsewhere.url());
    environment.put("SLIPWAY_REGISTRY_URL", elsewhere.url());
    run("models");
    environment.clear();
    run("predict", "iris", "-d", "{}", "--serving", elsewhere.url());
    run("login", elsewhere.url(), "--as", "dora");
    run("models");

    assertThat(elsewhere.proofs()).hasSize(5).containsOnly(WITHOUT);
  }

  @Test
  void aTokenThatIsGivenForTheCallItselfGoesWithIt() throws Exception {
    environment.put("SLIPWAY_TOKEN", "another");
    run("models", "--registry", elsewhere.url());

    assertThat(elsewhere.proofs()).containsExactly(basic("dora:another"));
  }

  @Test
  void anotherNameCallsWithoutTheToken() throws Exception {
    run("models", "--as", "carol");
    environment.put("SLIPWAY_USER", "carol");
    run("models");
    environment.clear();
    run("login", "--as", "carol");
    run("models");

    assertThat(home.proofs())
        .containsExactly(
            WITH_TOKEN, basic("carol:"), basic("carol:"), basic("carol:"), basic("carol:"));
  }

  @Test
  void aTokenThatIsGivenForTheCallItselfGoesWithTheNameThatIsGivenForIt() throws Exception {
    environment.put("SLIPWAY_TOKEN", "another");
    run("models", "--as", "carol");

    assertThat(home.proofs()).containsExactly(WITH_TOKEN, basic("carol:another"));
  }

  private void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Slipway.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SLIPWAY_"));
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
