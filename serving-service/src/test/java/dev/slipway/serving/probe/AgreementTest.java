package dev.slipway.serving.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.job.Finding;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.engine.onnx.OnnxModels;
import dev.slipway.serving.sample.SampleRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreementTest {
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
  void keptRequestsAreAnsweredByBothAndOnlySharesDistancesAndAnswersAreTold() throws Exception {
    Path samples = root.resolve("samples/m");
    keep(samples, 0, 1f, 2f);
    keep(samples, 1, 3f, 4f);

    Finding same = check(Map.of("samples", samples.toString()));
    assertThat(same.verdict()).as(same.summary()).isEqualTo(Finding.Verdict.GREEN);
    assertThat(same.data()).containsEntry("requests", 2).containsEntry("largest_distance", 0.0);

    OnnxModels.write(
        version,
        OnnxModels.model()
            .input("X", DataType.FP32, 2)
            .output("Y", DataType.FP32, 2)
            .node("Add", "X", "X", "Y")
            .build());
    Finding other = check(Map.of("samples", samples.toString()));
    assertThat(other.verdict()).isEqualTo(Finding.Verdict.WARNING);
    assertThat(other.summary()).startsWith("0 of 2 kept requests");
    assertThat(other.data())
        .containsEntry("mean_distance", 2.5)
        .containsEntry("largest_distance", 4.0)
        .containsOnlyKeys(
            "requests",
            "agreeing_share",
            "not_answered",
            "not_answered_by_live",
            "mean_distance",
            "largest_distance",
            "top");
    assertThat(check(Map.of("samples", samples.toString(), "share", "0.5")).verdict())
        .isEqualTo(Finding.Verdict.RED);
  }

  @Test
  void aGatewayWithoutKeptRequestsGivesTheJobBack() throws Exception {
    JobResult result = runner.run(
        new ProbeTask(Job.check("agreement"), version.toString(), 1, live.toString(), Map.of()));

    assertThat(result.outcome()).isEqualTo(JobResult.Outcome.FAILED);
    assertThat(result.reason()).contains("has kept no request");
  }

  private static void keep(Path folder, int place, float... values) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    SampleRing.at(folder)
        .put(place, List.of(new Tensor("X", DataType.FP32, Shape.of(values.length), data.flip())));
  }

  private Finding check(Map<String, String> parameters) throws InterruptedException {
    return runner
        .run(new ProbeTask(
            Job.check("agreement"), version.toString(), 1, live.toString(), parameters))
        .finding();
  }
}
