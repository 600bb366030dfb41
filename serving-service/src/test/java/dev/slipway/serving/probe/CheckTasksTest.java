package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Job;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.onnx.OnnxModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks that a gateway makes, with models made here. */
class CheckTasksTest {
  @TempDir
  Path root;

  private final TaskRunner runner =
      ProbeMain.runner(new Engines(List.of(new OnnxEngine())), phase -> {});
  private Path version;
  private Path live;

  @BeforeEach
  void models() throws IOException {
    version = root.resolve("version");
    live = root.resolve("live");
    OnnxModels.write(version, OnnxModels.identity(DataType.FP32, 2));
    OnnxModels.write(live, OnnxModels.identity(DataType.FP32, 2));
  }

  @Test
  void goldenCasesWithinToleranceAreGreen() throws Exception {
    golden("{" + request("[1, 2]") + ", " + response("[1.0000001, 2]") + "}");

    Finding finding = check("golden", Map.of());

    assertThat(finding.verdict()).as(finding.summary()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(finding.data()).containsEntry("elements", 2L).containsEntry("disagreements", 0);
  }

  @Test
  void goldenValuesThatDisagreeAreNamedTheWorstFirst() throws Exception {
    golden("[{" + request("[1, 2]") + ", " + response("[1, 3]") + "}, {" + request("[1, 2]") + ", "
        + response("[1, 90]") + "}]");

    Finding finding = check("golden", Map.of());

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.RED);
    assertThat(finding.summary())
        .contains("2 of 4", "golden/case.json[1] Y[1]: expected 90, got 2.0");
  }

  @Test
  void aPolicysToleranceGoesBeforeTheFilesOwn() throws Exception {
    golden("{\"rtol\": 100, " + request("[1, 2]") + ", " + response("[1, 3]") + "}");

    assertThat(check("golden", Map.of()).verdict()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(check("golden", Map.of("rtol", "0.01")).verdict()).isEqualTo(Finding.Verdict.RED);
  }

  @Test
  void aVersionWithoutGoldenFilesIsAWarningThatSaysWhatToAdd() throws Exception {
    Finding finding = check("golden", Map.of());

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.WARNING);
    assertThat(finding.summary()).contains("golden/*.json");
  }

  @Test
  void goldenFilesThatCannotBeReplayedAreRedAndNamed() throws Exception {
    golden("{\"inputs\": []}");

    assertThat(check("golden", Map.of()).summary()).startsWith("golden/case.json has no");
  }

  @Test
  void latencyStandsBesideThatOfLive() throws Exception {
    Finding finding = check("latency", Map.of());

    assertThat(finding.verdict()).as(finding.summary()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(finding.data()).containsKeys("ratio", "limit", "band");
    assertThat(finding.data().get("live").toString()).contains("p50_ms", "p95_ms", "p99_ms");
  }

  @Test
  void memoryStandsBesideThatOfLiveAndIsJudgedWhereThePolicyLimitsIt() throws Exception {
    OnnxModels.write(version, large());

    Finding shown = check("latency", Map.of());
    assertThat(shown.verdict()).as(shown.summary()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(bytes(shown, "version") - bytes(shown, "live")).isGreaterThan(48L << 20);

    Finding judged = check("latency", Map.of("memory_ratio", "1.5"));
    assertThat(judged.verdict()).as(judged.summary()).isEqualTo(Finding.Verdict.RED);
    assertThat(judged.summary()).contains("its memory is", "more than 1.5 times");
  }

  private static long bytes(Finding finding, String side) {
    Object bytes = ((Map<?, ?>) finding.data().get(side)).get("memory_bytes");
    return bytes == null ? 0 : (long) bytes;
  }

  @Test
  void aVersionThatTakesManyTimesAsLongAsLiveIsRed() throws Exception {
    OnnxModels.write(version, slow());

    Finding finding = check("latency", Map.of());

    assertThat(finding.verdict()).as(finding.summary()).isEqualTo(Finding.Verdict.RED);
    assertThat(finding.summary()).contains("times as long as live", "more than 1.5 times");
  }

  @Test
  void dataFilesAreSafe() throws Exception {
    Finding finding = check("artifact-safety", Map.of());

    assertThat(finding.verdict()).as(finding.summary()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(finding.data()).containsEntry("files", 1);
  }

  @Test
  void aPickleUnderAnyNameIsCodeUnlessThePolicyAllowsIt() throws Exception {
    Files.write(version.resolve("weights.dat"), new byte[] {(byte) 0x80, 4, 0, 0});
    Files.writeString(version.resolve("load.py"), "print()");

    Finding finding = check("artifact-safety", Map.of());

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.RED);
    assertThat(finding.summary()).contains("bears code: load.py, weights.dat");
    assertThat(check("artifact-safety", Map.of("code_files", "2.0")).verdict())
        .isEqualTo(Finding.Verdict.GREEN);
  }

  @Test
  void anArchiveWithAPickleIsCodeWhateverItIsCalled() throws Exception {
    try (var zip =
        new ZipOutputStream(Files.newOutputStream(version.resolve("model.torchscript")))) {
      zip.putNextEntry(new ZipEntry("model/data.pkl"));
      zip.write(new byte[] {1});
    }

    assertThat(check("artifact-safety", Map.of()).summary())
        .contains("bears code: model.torchscript");
  }

  @Test
  void weightsOutsideTheFolderAreNamedAlsoInASecondModelOfTheFolder() throws Exception {
    byte[] leaking = OnnxModels.model()
        .input("X", DataType.FP32, 1)
        .output("Y", DataType.FP32, 1)
        .externalInitializer("W", DataType.FP32, new long[] {1}, "../../secret")
        .node("Add", "X", "W", "Y")
        .build();
    Files.write(version.resolve("other.onnx"), leaking);

    Finding finding = check("artifact-safety", Map.of());

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.RED);
    assertThat(finding.summary()).contains("'../../secret' lies outside the version");
  }

  @Test
  void linksAreNamed() throws Exception {
    Files.createSymbolicLink(version.resolve("link"), live.resolve("model.onnx"));

    assertThat(check("artifact-safety", Map.of()).summary()).contains("'link' is a link");
  }

  private Finding check(String name, Map<String, String> parameters) throws InterruptedException {
    return runner
        .run(new ProbeTask(Job.check(name), version.toString(), 1, live.toString(), parameters))
        .finding();
  }

  private void golden(String content) throws IOException {
    Files.createDirectories(version.resolve("golden"));
    Files.writeString(version.resolve("golden/case.json"), content);
  }

  private static String request(String data) {
    return "\"request\": {\"inputs\": [" + tensor("X", data) + "]}";
  }

  private static String response(String data) {
    return "\"response\": {\"outputs\": [" + tensor("Y", data) + "]}";
  }

  private static String tensor(String name, String data) {
    return "{\"name\": \"" + name + "\", \"datatype\": \"FP32\", \"shape\": [2], \"data\": " + data
        + "}";
  }

  /** A table of 64 MiB, of which each request reads two values. */
  private static byte[] large() {
    byte[] count = {0, 0, 0, 1, 0, 0, 0, 0};
    return OnnxModels.model()
        .input("X", DataType.FP32, 2)
        .output("Y", DataType.FP32, 2)
        .initializer("shape", DataType.INT64, new long[] {1}, count)
        .initializer("zero", DataType.FP32, new long[] {1}, new byte[4])
        .node("Expand", "zero", "shape", "table")
        .node("Cast", List.of(OnnxModels.integer("to", 7)), "X", "index")
        .node("Gather", "table", "index", "Y")
        .build();
  }

  /** Some milliseconds: a long loop of short steps. */
  private static byte[] slow() {
    return OnnxModels.model()
        .input("X", DataType.FP32, 2)
        .output("Y", DataType.FP32, 2)
        .initializer(
            "count", DataType.INT64, new long[0], new byte[] {(byte) 0xd0, 7, 0, 0, 0, 0, 0, 0})
        .node(
            "Loop", List.of(OnnxModels.graph("body", OnnxModels.cosines(2))), "count", "", "X", "Y")
        .build();
  }
}
