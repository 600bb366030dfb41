package dev.slipway.systemtests.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.testing.OnnxExternalData;
import dev.slipway.systemtests.cluster.Answer;
import dev.slipway.systemtests.cluster.Cluster;
import dev.slipway.systemtests.cluster.Json;
import dev.slipway.systemtests.cluster.RegistryApi;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model whose weights are larger than any heap: up, live, and right at its first, middle and last row. */
public final class LargeModel {
  private static final String MODEL = "large";

  private LargeModel() {}

  /** How long each part took. */
  public record Result(long bytes, Duration upload, Duration live, List<String> faults) {}

  /** @param bytes of external data */
  public static Result run(Cluster cluster, long bytes) throws IOException {
    OnnxExternalData files = OnnxExternalData.write(cluster.folder().resolve("large"), bytes);
    RegistryApi registry = cluster.registry();
    registry.createModel(MODEL).expect(201);
    registry.waiveApprovals(MODEL);
    long begin = System.nanoTime();
    int version = registry.addVersion(
        MODEL, Map.of("model.onnx", files.model(), "weights.bin", files.data()));
    long uploaded = System.nanoTime();
    JsonNode release = registry.promote(MODEL, version);
    long live = System.nanoTime();
    List<String> faults = new ArrayList<>();
    if (!release.path("state").asText().equals("live")) {
      faults.add("not live: " + release);
    }
    for (long row : new long[] {0, files.rows() / 2, files.rows() - 1}) {
      float expected = files.expected(row, 7);
      float actual = predict(cluster, row);
      if (actual != expected) {
        faults.add("row " + row + " is " + actual + ", not " + expected);
      }
    }
    return new Result(
        bytes, Duration.ofNanos(uploaded - begin), Duration.ofNanos(live - uploaded), faults);
  }

  private static float predict(Cluster cluster, long row) {
    Answer answer = cluster
        .serving()
        .infer(
            MODEL,
            Json.write(Map.of(
                "inputs",
                List.of(Map.of(
                    "name",
                    "row",
                    "shape",
                    List.of(1),
                    "datatype",
                    "INT64",
                    "data",
                    List.of(row))))))
        .expect(200);
    return answer.json().path("outputs").path(0).path("data").path(7).floatValue();
  }
}
