package dev.slipway.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.feed.SessionOptions;
import dev.slipway.common.feed.SessionOptions.GraphOptimization;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.name.ModelName;
import dev.slipway.common.report.LatencyHistogram;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireRecordsTest {
  private static final Digest DIGEST = Digest.of(new byte[] {1, 2, 3});
  private static final Instant NOW = Instant.parse("2026-11-21T04:05:06.789Z");
  private final ObjectMapper json = WireJson.mapper();

  static Stream<Record> records() {
    return Stream.of(
        feed(),
        Feed.empty(),
        new Manifest(List.of(
            new Manifest.Entry(new ArtifactPath("a/b.onnx"), 3_000_000_000L, DIGEST),
            new Manifest.Entry(new ArtifactPath("MLmodel"), 0, DIGEST))),
        new Job(7, Job.INSPECT, "iris", 3, DIGEST, Map.of("file", "model.onnx"), NOW),
        new JobClaim("replica-1", List.of(Job.INSPECT)),
        new JobResult(
            "replica-1",
            JobResult.Outcome.SERVABLE,
            null,
            "onnx",
            signature(),
            Map.of("opset", 17)),
        new JobResult("replica-1", JobResult.Outcome.NOT_SERVABLE, "a pickle", null, null, null),
        report(),
        signature(),
        new ServingSettings(1, 2, 3, 4, 5, 6, 7, true, false),
        ServingSettings.defaults(),
        new SessionOptions(true, false, GraphOptimization.BASIC, List.of("CUDAExecutionProvider")),
        new ModelName("東京"));
  }

  @ParameterizedTest
  @MethodSource("records")
  void recordThatTravelsArrivesAsItWas(Record original) throws Exception {
    String text = json.writeValueAsString(original);

    assertThat(json.readValue(text, original.getClass())).isEqualTo(original);
    assertThat(text).doesNotContain("null");
  }

  @ParameterizedTest
  @MethodSource("records")
  void namesAreSnakeCaseAndOnlyTheComponents(Record original) throws Exception {
    var tree = json.valueToTree(original);

    assertThat(tree.properties().stream().map(Map.Entry::getKey))
        .allMatch(name -> name.matches("[a-z0-9_]+"))
        .hasSizeLessThanOrEqualTo(original.getClass().getRecordComponents().length);
  }

  @Test
  void feedLooksAsDocumented() throws Exception {
    assertThat(json.readTree(json.writeValueAsString(feed())))
        .isEqualTo(json.readTree("""
        {"epoch": "e1", "revision": 12, "models": [{
          "name": "iris",
          "versions": [{"number": 2, "digest": "%s", "roles": ["live"], "stage": "Production"}],
          "traffic": [{"version": 2, "weight": 10000}],
          "settings": {"max_batch_size": 8, "serve_staging": true},
          "settings_version": 4, "aliases": {"champion": 2}, "tags": {"team": "a"}}]}
        """.formatted(DIGEST)));
  }

  @Test
  void propertyOfANewerVersionIsIgnored() throws Exception {
    assertThat(json.readValue("{\"replica\":\"r\",\"kinds\":[],\"new\":{\"x\":1}}", JobClaim.class))
        .isEqualTo(new JobClaim("r", List.of()));
  }

  @Test
  void timeIsWrittenInUtcWithItsFraction() throws Exception {
    assertThat(json.writeValueAsString(NOW)).isEqualTo("\"2026-11-21T04:05:06.789Z\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"files\":[]}",
        "{\"files\":[{\"path\":\"../x\",\"size\":1,\"digest\":\"%s\"}]}",
        "{\"files\":[{\"path\":\"x\",\"size\":-1,\"digest\":\"%s\"}]}",
        "{\"files\":[{\"path\":\"x\",\"size\":1,\"digest\":\"md5:00\"}]}",
        "{}"
      })
  void recordThatBreaksItsRulesIsNotRead(String text) {
    assertThatExceptionOfType(JsonProcessingException.class)
        .isThrownBy(() -> json.readValue(text.formatted(DIGEST), Manifest.class));
  }

  private static Feed feed() {
    var version = new Feed.Version(2, DIGEST, Set.of(Role.LIVE), Stage.PRODUCTION);
    var settings = new ServingSettings(null, null, null, null, null, 8, null, true, null);
    return new Feed(
        "e1",
        12,
        List.of(new Feed.Model(
            "iris",
            List.of(version),
            List.of(new Feed.TrafficShare(2, 10_000)),
            settings,
            4,
            Map.of("champion", 2),
            Map.of("team", "a"))));
  }

  private static ModelSignature signature() {
    return new ModelSignature(
        List.of(
            new TensorSpec("X", DataType.FP32, Shape.of(-1, 4)),
            new TensorSpec("mask", DataType.BYTES, Shape.of(), true)),
        List.of(new TensorSpec("label", DataType.INT64, Shape.of(-1))));
  }

  private static ReplicaReport report() {
    var stats = new ReplicaReport.Stats(10, 1, 2, LatencyHistogram.of(new long[] {0, 3, 7}));
    return new ReplicaReport(
        "replica-1",
        "http://127.0.0.1:8081",
        NOW.minusSeconds(60),
        NOW,
        "e1",
        12,
        new ReplicaReport.Selector(List.of("iris"), Map.of("team", "a")),
        List.of(
            new ReplicaReport.Loaded(
                "iris", 2, DIGEST, ReplicaReport.State.READY, null, 120L, 1L << 33, stats),
            new ReplicaReport.Loaded(
                "iris",
                3,
                DIGEST,
                ReplicaReport.State.FAILED,
                "corrupt",
                null,
                null,
                ReplicaReport.Stats.none())));
  }
}
