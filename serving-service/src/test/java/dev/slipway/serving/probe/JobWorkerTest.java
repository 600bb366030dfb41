package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.common.store.ObjectStores;
import dev.slipway.common.store.StoreSettings;
import dev.slipway.serving.cache.ArtifactCache;
import dev.slipway.serving.cache.LateStore;
import dev.slipway.serving.config.ServingConfig;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.registry.RegistryClient;
import dev.slipway.serving.registry.ReplicaIdentity;
import dev.slipway.serving.testing.EchoEngine;
import dev.slipway.serving.testing.FakeRegistry;
import dev.slipway.serving.testing.TestConfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobWorkerTest {
  @TempDir
  Path folder;

  private final EchoEngine engine = new EchoEngine();
  private FakeRegistry registry;
  private RegistryClient client;
  private JobWorker worker;

  @BeforeEach
  void start() throws IOException {
    Path bucket = folder.resolve("bucket");
    registry = new FakeRegistry(bucket, Duration.ofMillis(200));
    client = new RegistryClient(registry.url(), FakeRegistry.TOKEN);
    var store = new LateStore(() -> ObjectStores.open(new StoreSettings.Directory(bucket, false)));
    var cache = new ArtifactCache(
        folder.resolve("cache"), client::manifest, store, 1 << 20, Clock.systemUTC());
    worker = new JobWorker(
        TestConfigs.of(Map.of()).getConfigMapping(ServingConfig.class),
        client,
        new ReplicaIdentity("replica-1", null, Instant.EPOCH),
        cache,
        ProbeMain.runner(new Engines(List.of(engine)), phase -> {}),
        Clock.systemUTC());
    worker.start(null);
  }

  @AfterEach
  void stop() {
    worker.stop(null);
    client.close();
    registry.close();
  }

  @Test
  void tellsWhatAServableModelTakesAndGivesAndLetsItGo() {
    JobResult result = inspected(publish(EchoEngine.FILE, "fine"));

    assertThat(result.outcome()).isEqualTo(Outcome.SERVABLE);
    assertThat(result.replica()).isEqualTo("replica-1");
    assertThat(result.format()).isEqualTo("echo");
    assertThat(result.signature().input("x")).isPresent();
    assertThat(result.details())
        .containsEntry("content", "fine")
        .containsEntry("engine", "echo")
        .containsKey("load_ms");
    assertThat(engine.open).hasValue(0);
  }

  @Test
  void saysOfAPickleWhatItIsAndWhatToDo() {
    JobResult result = inspected(publish("model.pkl", "pickled"));

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_SERVABLE);
    assertThat(result.reason()).contains("'model.pkl' is a Python pickle", "skl2onnx");
  }

  @Test
  void passesOnWhyTheEngineRefuses() {
    JobResult result = inspected(publish(EchoEngine.FILE, "refuse"));

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_SERVABLE);
    assertThat(result.reason()).isEqualTo("operator NoSuchOp is not known");
  }

  @Test
  void aModelThatBreaksWhenItRunsIsNotServable() {
    JobResult result = inspected(publish(EchoEngine.FILE, "break"));

    assertThat(result.outcome()).isEqualTo(Outcome.NOT_SERVABLE);
    assertThat(result.reason()).contains("the kernel broke");
    assertThat(engine.open).hasValue(0);
  }

  @Test
  void aStoreThatIsAwayFailsTheJobAndNotTheModel() throws Exception {
    Digest digest = publish(EchoEngine.FILE, "fine");
    Files.move(folder.resolve("bucket"), folder.resolve("away"));

    JobResult result = inspected(digest);

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.reason()).contains(digest.value());
  }

  @Test
  void goesOnToTheNextJobAfterALeaseWasLost() {
    registry.resultStatus = 409;
    inspected(publish(EchoEngine.FILE, "first"));
    registry.resultStatus = 204;

    registry.job(
        new Job(2, Job.INSPECT, "m", 2, publish(EchoEngine.FILE, "second"), Map.of(), Instant.MAX));

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> registry.results.containsKey(2L));
  }

  private JobResult inspected(Digest digest) {
    registry.job(new Job(1, Job.INSPECT, "m", 1, digest, Map.of(), Instant.now().plusSeconds(60)));
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> registry.results.containsKey(1L));
    return registry.results.get(1L);
  }

  private Digest publish(String path, String content) {
    return registry.publish(Map.of(path, content));
  }
}
