package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.job.JobResult.Outcome;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.onnx.OnnxModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model does to the process that first loads it. */
class ProbeTest {
  private static final long MEMORY = 800L << 20;

  @TempDir
  Path folder;

  private Probe probe;
  private int models;

  @AfterEach
  void close() {
    long pid = probe.pid();
    probe.close();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void oneProcessInspectsAHundredModels() throws Exception {
    start(Duration.ofSeconds(20), 200);
    inspect(OnnxModels.identity(DataType.FP32, 1));
    long child = probe.pid();
    for (int i = 0; i < 99; i++) {
      JobResult result = inspect(OnnxModels.identity(DataType.FP32, 1 + i));

      assertThat(result.outcome()).as("%s", result.reason()).isEqualTo(Outcome.SERVABLE);
      assertThat(result.signature().input("X").orElseThrow().shape().dimension(0))
          .isEqualTo(1 + i);
      assertThat(result.details()).containsKeys("load_ms", "engine", "file_bytes");
    }
    assertThat(probe.pid()).isEqualTo(child);
  }

  @Test
  void theRuntimesOwnStartIsNotInTheFirstModelsFigures() throws Exception {
    start(Duration.ofSeconds(20), 200);

    JobResult first = inspect(OnnxModels.identity(DataType.FP32, 1));

    // The library alone takes 36 MiB.
    assertThat(((Number) first.details().getOrDefault("memory_growth_bytes", 0)).longValue())
        .isLessThan(20L << 20);
  }

  @Test
  void aProcessIsReplacedAfterItsShareOfTasks() throws Exception {
    start(Duration.ofSeconds(20), 2);
    inspect(OnnxModels.identity(DataType.FP32, 1));
    long first = probe.pid();
    inspect(OnnxModels.identity(DataType.FP32, 1));

    assertThat(inspect(OnnxModels.identity(DataType.FP32, 1)).outcome())
        .isEqualTo(Outcome.SERVABLE);
    assertThat(probe.pid()).isNotEqualTo(first);
  }

  @Test
  void aModelThatNeverEndsARequestIsStoppedAndTheNextIsInspected() throws Exception {
    // Longer than a limit that only the request would have: by the clock alone it would be held
    // against a version that had no processor time.
    start(Duration.ofSeconds(22), 200);

    refused(endless(), "stopped while the model answered a request", "not done after 22 s");
  }

  @Test
  void whatHadNoProcessorTimeIsNotCalledTooSlow() throws Exception {
    start(Duration.ofSeconds(2), 200);
    CompletableFuture<JobResult> inspected =
        CompletableFuture.supplyAsync(() -> inspectUnchecked(slowToLoad()));
    // Loading takes long after the library is mapped; stopped, the process has no time at all.
    long pid = crash("-STOP", 0);

    assertThat(inspected.get(20, TimeUnit.SECONDS))
        .returns(Outcome.FAILED, JobResult::outcome)
        .satisfies(result -> assertThat(result.reason()).contains("too busy to try it"));
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void aModelThatNeverEndsLoadingIsStoppedAndTheNextIsInspected() throws Exception {
    start(Duration.ofSeconds(6), 200);

    refused(slowToLoad(), "stopped while the model was loaded");
  }

  @Test
  void aModelThatExhaustsMemoryAtLoadIsStoppedAndTheNextIsInspected() throws Exception {
    start(Duration.ofSeconds(30), 200);

    refused(hugeConstant(), "while the model was loaded", "more than 800 MiB of memory");
  }

  @Test
  void aModelThatExhaustsMemoryAtInferenceIsStoppedAndTheNextIsInspected() throws Exception {
    start(Duration.ofSeconds(30), 200);

    refused(hugeAnswer(), "while the model answered a request", "more than 800 MiB of memory");
  }

  @Test
  void aModelThatCrashesItsProcessTwiceIsNotServableAndTheNextIsInspected() throws Exception {
    start(Duration.ofSeconds(30), 200);
    var result = CompletableFuture.supplyAsync(() -> inspectUnchecked(endless()));

    long first = crash("-ABRT", 0);
    crash("-SEGV", first);

    assertThat(result.get().outcome()).isEqualTo(Outcome.NOT_SERVABLE);
    assertThat(result.get().reason()).contains("crashed", "native code");
    assertThat(inspect(OnnxModels.identity(DataType.FP32, 1)).outcome())
        .isEqualTo(Outcome.SERVABLE);
  }

  @Test
  void aProcessThatIsKilledOnceIsTriedAgain() throws Exception {
    start(Duration.ofSeconds(20), 200);
    inspect(OnnxModels.identity(DataType.FP32, 1));
    new ProcessBuilder("kill", "-KILL", Long.toString(probe.pid())).start().waitFor();

    assertThat(inspect(OnnxModels.identity(DataType.FP32, 1)).outcome())
        .isEqualTo(Outcome.SERVABLE);
  }

  @Test
  void aProcessWhoseParentIsGoneEndsWhateverItsModelIsDoing() throws Exception {
    probe = new Probe(settings(Duration.ofSeconds(1), 1));
    Process orphan = ProbeCommand.start(settings(Duration.ofSeconds(30), 200));
    var input = orphan.outputWriter();
    input.write(ProbeLine.of(task(write(endless()))) + "\n");
    input.flush();
    orphan.inputReader().readLine();

    input.close();

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !orphan.isAlive());
  }

  private void refused(byte[] model, String... reasons) throws Exception {
    JobResult result = inspect(model);
    for (int busy = 0; busy < 5 && result.outcome() == Outcome.FAILED; busy++) {
      assertThat(result.reason()).contains("too busy to try it");
      result = inspect(model);
    }

    assertThat(result.outcome()).as("%s", result.reason()).isEqualTo(Outcome.NOT_SERVABLE);
    assertThat(result.reason()).contains(reasons);
    assertThat(inspect(OnnxModels.identity(DataType.FP32, 1)).outcome())
        .isEqualTo(Outcome.SERVABLE);
  }

  /** Ends the process that is at work, unless it is {@code not}, and answers its id. */
  private long crash(String signal, long not) throws Exception {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> probe.pid() != 0
            && probe.pid() != not
            && ResidentMemory.bytesOf(probe.pid()) > 40L << 20);
    long pid = probe.pid();
    // Its task has begun when its runtime's native library has been unpacked and is mapped.
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.readString(Path.of("/proc/" + pid + "/maps")).contains("onnxruntime"));
    new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    return pid;
  }

  private JobResult inspectUnchecked(byte[] model) {
    try {
      return inspect(model);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private JobResult inspect(byte[] model) throws IOException, InterruptedException {
    return probe.run(task(write(model)));
  }

  private static ProbeTask task(Path model) {
    return new ProbeTask(Job.INSPECT, model.getParent().toString(), 1, null, Map.of());
  }

  private Path write(byte[] model) throws IOException {
    return OnnxModels.write(folder.resolve("model-" + models++), model);
  }

  private void start(Duration time, int tasks) {
    probe = new Probe(settings(time, tasks));
  }

  private ProbeSettings settings(Duration time, int tasks) {
    return new ProbeSettings(
        folder.resolve("probe-" + tasks),
        MEMORY,
        time,
        tasks,
        folder.resolve("libtorch"),
        false,
        folder.resolve("tensorflow"),
        false);
  }

  private static byte[] endless() {
    return OnnxModels.model()
        .input("start", DataType.FP32, 1)
        .output("last", DataType.FP32, 1)
        .node(
            "Loop",
            List.of(OnnxModels.graph("body", OnnxModels.cosines(1))),
            "",
            "",
            "start",
            "last")
        .build();
  }

  /** A product of large constants, which the runtime computes once, while it loads. */
  private static byte[] slowToLoad() {
    return OnnxModels.model()
        .input("X", DataType.FP32, 1)
        .output("Y", DataType.FP32, 1, 1)
        .initializer("shape", DataType.INT64, new long[] {2}, longs(7_000, 7_000))
        .initializer("one", DataType.FP32, new long[] {1}, new byte[4])
        .node("Expand", "one", "shape", "square")
        .node("MatMul", "square", "square", "power")
        .node("Gemm", "power", "square", "more")
        .node("ReduceMax", "more", "largest")
        .node("Add", "X", "largest", "Y")
        .build();
  }

  private static byte[] hugeConstant() {
    return OnnxModels.model()
        .input("X", DataType.FP32, 1)
        .output("Y", DataType.FP32, 1)
        .initializer("shape", DataType.INT64, new long[] {1}, longs(240_000_000))
        .initializer("zero", DataType.FP32, new long[] {1}, new byte[4])
        .node("Expand", "zero", "shape", "zeros")
        .node("ReduceMax", "zeros", "largest")
        .node("Add", "X", "largest", "Y")
        .build();
  }

  private static byte[] hugeAnswer() {
    return OnnxModels.model()
        .input("X", DataType.FP32, 1)
        .output("Y", DataType.FP32, 1)
        .initializer("shape", DataType.INT64, new long[] {1}, longs(500_000_000))
        .node("Expand", "X", "shape", "many")
        .node("ReduceMax", "many", "Y")
        .build();
  }

  private static byte[] longs(long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      raw.putLong(value);
    }
    return raw.array();
  }
}
