package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Finding.Verdict;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions without golden files, but with the input example that MLflow saves. */
class ExampleReplayTest {
  @TempDir
  Path version;

  @Test
  void aModelThatAnswersItsExampleIsNeitherGoodNorBadWithoutExpectedOutputs() throws Exception {
    model(OnnxModels.identity(DataType.FP32, "N", 2));
    example("{\"inputs\": [[1.0, 2.0], [3.0, 4.0]]}");

    Finding finding = golden();

    assertThat(finding.verdict()).as(finding.summary()).isEqualTo(Verdict.SKIPPED);
    assertThat(finding.summary()).contains("answered its input example", "golden_outputs.json");
    assertThat(finding.data().get("outputs").toString()).contains("[2, 2]", "FP32");
  }

  @Test
  void expectedOutputsBesideTheExampleAreCompared() throws Exception {
    model(OnnxModels.identity(DataType.FP32, "N", 2));
    example("{\"inputs\": [[1.0, 2.0]]}");

    outputs("[1.0, 2.0]");
    assertThat(golden())
        .returns(Verdict.GREEN, Finding::verdict)
        .satisfies(finding -> assertThat(finding.data()).containsEntry("elements", 2L));

    outputs("[1.0, 5.0]");
    assertThat(golden())
        .returns(Verdict.RED, Finding::verdict)
        .satisfies(finding -> assertThat(finding.summary())
            .contains("golden_outputs.json Y[1]: expected 5.0, got 2.0"));

    Files.writeString(version.resolve("golden_outputs.json"), "[]");
    assertThat(golden().summary()).startsWith("golden_outputs.json has no");
  }

  @Test
  void aModelThatAnswersItsExampleWithInfinityIsRed() throws Exception {
    model(OnnxModels.model()
        .input("X", DataType.FP32, "N", 2)
        .output("Y", DataType.FP32, "N", 2)
        .node("Log", "X", "Y")
        .build());
    example("{\"inputs\": [[1.0, 0.0]]}");

    assertThat(golden())
        .returns(Verdict.RED, Finding::verdict)
        .satisfies(finding -> assertThat(finding.summary()).contains("with NaN or infinity in Y"));

    example("{\"inputs\": [[1.0, null]]}");
    assertThat(golden().verdict()).isEqualTo(Verdict.WARNING);
  }

  @Test
  void aModelThatRefusesItsOwnExampleIsRed() throws Exception {
    model(OnnxModels.model()
        .input("X", DataType.INT64, "N")
        .output("Y", DataType.FP32, "N")
        .initializer("table", DataType.FP32, new long[] {2}, new byte[8])
        .node("Gather", "table", "X", "Y")
        .build());
    example("{\"inputs\": [7]}");

    assertThat(golden())
        .returns(Verdict.RED, Finding::verdict)
        .satisfies(finding ->
            assertThat(finding.summary()).startsWith("it does not answer its own input example"));
  }

  @Test
  void anExampleThatDoesNotFitWhatTheModelTakesIsForAPersonToJudge() throws Exception {
    model(OnnxModels.identity(DataType.FP32, "N", 2));
    example("{\"inputs\": [[1.0, 2.0, 3.0]]}");

    assertThat(golden())
        .returns(Verdict.WARNING, Finding::verdict)
        .satisfies(finding -> assertThat(finding.summary())
            .contains("input 'X': the shape [-1, 2] does not take [1, 3]"));
  }

  @Test
  void goldenFilesGoBeforeTheExample() throws Exception {
    model(OnnxModels.identity(DataType.FP32, "N", 2));
    example("{\"inputs\": [[1.0, 2.0, 3.0]]}");
    Files.createDirectories(version.resolve("golden"));
    Files.writeString(version.resolve("golden/a.json"), """
        {"request": {"inputs": [{"name": "X", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]},
         "response": {"outputs": [{"name": "Y", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}}
        """);

    assertThat(golden().verdict()).isEqualTo(Verdict.GREEN);
  }

  private void model(byte[] onnx) throws IOException {
    OnnxModels.write(version, onnx);
  }

  private void example(String body) throws IOException {
    Files.writeString(version.resolve("MLmodel"), """
        saved_input_example_info:
          artifact_path: input_example.json
          serving_input_path: serving_input_example.json
          type: ndarray
        """);
    Files.writeString(version.resolve("serving_input_example.json"), body);
  }

  private void outputs(String data) throws IOException {
    Files.writeString(
        version.resolve("golden_outputs.json"),
        "{\"outputs\": [{\"name\": \"Y\", \"datatype\": \"FP32\", \"shape\": [1, 2], \"data\": "
            + data + "}]}");
  }

  private Finding golden() throws InterruptedException {
    return ProbeMain.runner(new Engines(List.of(new OnnxEngine())), phase -> {})
        .run(new ProbeTask(Job.check("golden"), version.toString(), 1, null, Map.of()))
        .finding();
  }
}
