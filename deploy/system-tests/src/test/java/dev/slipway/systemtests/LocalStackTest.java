package dev.slipway.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.store.ObjectStore;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.common.testing.TestMinio;
import dev.slipway.launcher.postgres.Directories;
import dev.slipway.launcher.process.Leftovers;
import dev.slipway.launcher.process.Ports;
import dev.slipway.launcher.stack.StackFiles;
import dev.slipway.systemtests.cluster.ClusterPlan;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.Launcher;
import dev.slipway.systemtests.cluster.Launcher.Outcome;
import dev.slipway.systemtests.cluster.Reaper;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code slipway up}, {@code status}, {@code reset} and {@code down}, as the packaged command. */
class LocalStackTest {
  private final String[] ports = Stream.of("--registry-port", "--serving-port", "--grpc-port")
      .flatMap(option -> Stream.of(option, Integer.toString(Ports.free())))
      .toArray(String[]::new);
  private StackFiles files;

  @BeforeEach
  void chooseData() throws IOException {
    ClusterPlan.usual().requirePackages();
    files = new StackFiles(Files.createTempDirectory("slipway-stack-"));
  }

  @AfterEach
  void leaveNothingBehind() throws IOException {
    slipway("down");
    Directories.delete(files.data());
  }

  @Test
  void shouldComeUpOnceSayWhatRunsAndGoDownWithoutATrace() throws Exception {
    up();

    JsonNode status = Json.read(slipway("status", "-o", "json").out());
    List<ProcessHandle> processes = processes(status);
    assertThat(status.path("phase").asText()).isEqualTo("READY");
    assertThat(status.path("ready").path("registry").asBoolean()).isTrue();
    assertThat(status.path("ready").path("serving").asBoolean()).isTrue();
    assertThat(status.path("registry_url").asText()).isEqualTo("http://127.0.0.1:" + ports[1]);
    assertThat(processes).hasSize(4).allMatch(ProcessHandle::isAlive);
    String password = Files.readString(files.databasePassword());
    DriverManager.getConnection(
            status.path("database_url").asText(), status.path("database_user").asText(), password)
        .close();
    assertThat(processes)
        .as("secrets are in no process list")
        .allSatisfy(
            process -> assertThat(Arrays.asList(process.info().arguments().orElseThrow()))
                .noneMatch(argument -> argument.contains(password) || argument.contains(token())));

    shouldRefuseASecondStackOnTheSameData();
    assertThat(slipway("down").code()).isZero();

    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(Leftovers.of(files.data(), files.database())).isEmpty();
    assertThat(slipway("status").code()).isEqualTo(1);
    shouldRefuseAPortThatIsTaken();
  }

  private void shouldRefuseASecondStackOnTheSameData() {
    Outcome again = slipway(with("up", ports));

    assertThat(again.code()).isEqualTo(3);
    assertThat(again.err())
        .contains("already runs on " + files.data(), "http://127.0.0.1:" + ports[1]);
    assertThat(slipway("status").code()).isZero();
  }

  private void shouldRefuseAPortThatIsTaken() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(Integer.parseInt(ports[3]), 1, InetAddress.getLoopbackAddress())) {
      Outcome refused = slipway(with("up", ports));
      assertThat(refused.code()).isEqualTo(3);
      assertThat(refused.err()).contains("port " + taken.getLocalPort(), "--serving-port");
    }
  }

  @Test
  void shouldStartAgainWhatIsKilledKeepTheDataAndShowItInTheLogs() {
    assertThat(slipway("logs").err()).contains("there is no log yet");
    RegistryApi registry = up();
    registry.createModel("kept").expect(201);
    assertThat(slipway("logs").out()).contains("slipway-registry");
    assertThat(slipway("logs", "serving", "-n", "1").out().lines()).hasSize(1);
    assertThat(slipway("logs", "nobody").code()).isEqualTo(2);

    try (Launcher.Running following = Launcher.start(
        Map.of(), "logs", "supervisor", "-n", "0", "-f", "--data", files.data().toString())) {
      // Nothing of before is shown: what it prints first is the empty end of the log.
      await().atMost(Duration.ofSeconds(30)).until(() -> !following.out().isEmpty());
      pid("registry").destroyForcibly();
      pid("postgres").destroyForcibly();
      await().atMost(Duration.ofSeconds(30)).until(() -> following.out().contains("registry"));
    }

    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
      assertThat(Json.read(slipway("status", "-o", "json").out())
              .path("ready")
              .path("registry")
              .asBoolean())
          .isTrue();
      assertThat(registry.getModel("kept", "").status()).isEqualTo(200);
    });
    assertThat(slipway("status").out()).contains("started again 1 times");
  }

  @Test
  void shouldClearWhatAKilledSupervisorLeftAndComeUpAgain() {
    RegistryApi registry = up();
    registry.createModel("kept").expect(201);
    List<ProcessHandle> before =
        processes(Json.read(slipway("status", "-o", "json").out()));
    ProcessHandle supervisor = pid("supervisor");
    supervisor.destroyForcibly();
    supervisor.onExit().join();

    Outcome status = slipway("status");
    assertThat(status.code()).isEqualTo(1);
    assertThat(status.out()).contains("left by an earlier run");
    up();

    assertThat(before).noneMatch(ProcessHandle::isAlive);
    assertThat(registry.getModel("kept", "").status()).isEqualTo(200);
  }

  @Test
  void shouldEmptyARunningStackInPlace() {
    RegistryApi registry = up();
    registry.createModel("gone").expect(201);
    List<ProcessHandle> before =
        processes(Json.read(slipway("status", "-o", "json").out()));

    assertThat(slipway("reset").code()).as("without --yes").isEqualTo(2);
    assertThat(registry.getModel("gone", "").status()).isEqualTo(200);
    long begin = System.nanoTime();
    Outcome reset = slipway("reset", "--yes");

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    assertThat(reset.code()).as(reset.err()).isZero();
    assertThat(registry.getModel("gone", "").status()).isEqualTo(404);
    registry.createModel("gone").expect(201);
    assertThat(before).allMatch(ProcessHandle::isAlive);
  }

  @Test
  void shouldKeepTheBytesInABucketWhoseKeysOnlyTheEnvironmentNames() {
    try (TestMinio minio = TestMinio.start()) {
      StoreSettings.S3 bucket = minio.freshBucket();
      ObjectStore store = ObjectStores.open(bucket);
      String[] s3 = {"--s3", bucket.url().toString(), "--s3-bucket", bucket.bucket()};
      Map<String, String> keys = Map.of(
          "SLIPWAY_S3_ACCESS_KEY", bucket.accessKey(), "SLIPWAY_S3_SECRET_KEY", bucket.secretKey());

      RegistryApi registry = up(keys, s3);
      registry.createModel("afar").expect(201);
      registry.addVersion("afar", new byte[1000]);

      assertThat(store.list("", null, 10)).hasSize(1);
      store.close();
    }
  }

  private RegistryApi up() {
    return up(Map.of());
  }

  private RegistryApi up(Map<String, String> environment, String... more) {
    List<String> arguments = new ArrayList<>(List.of(with("up", ports)));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--data", files.data().toString()));
    Outcome outcome = Launcher.run(environment, arguments.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode status = Json.read(slipway("status", "-o", "json").out());
    processes(status).forEach(Reaper::watch);
    return new RegistryApi(URI.create(status.path("registry_url").asText()));
  }

  private Outcome slipway(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", files.data().toString()));
    return Launcher.run(all.toArray(String[]::new));
  }

  private ProcessHandle pid(String name) {
    JsonNode status = Json.read(slipway("status", "-o", "json").out());
    long pid = name.equals("supervisor")
        ? status.path("supervisor_pid").asLong()
        : StreamSupport.stream(status.path("parts").spliterator(), false)
            .filter(part -> part.path("name").asText().equals(name))
            .findFirst()
            .orElseThrow()
            .path("pid")
            .asLong();
    return ProcessHandle.of(pid).orElseThrow();
  }

  private static List<ProcessHandle> processes(JsonNode status) {
    List<Long> pids = new ArrayList<>(List.of(status.path("supervisor_pid").asLong()));
    status.path("parts").forEach(part -> pids.add(part.path("pid").asLong()));
    return pids.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).toList();
  }

  private String token() {
    try {
      return Files.readString(files.serviceToken());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String[] with(String command, String... options) {
    return Stream.concat(Stream.of(command), Arrays.stream(options)).toArray(String[]::new);
  }
}
