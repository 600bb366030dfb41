package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.serving.predict.InferenceStatistics;
import dev.slipway.serving.predict.InferenceStatistics.Batch;
import dev.slipway.serving.predict.InferenceStatistics.Total;
import dev.slipway.serving.predict.VersionStatistics.Counted;
import dev.slipway.serving.wire.http.Payload;
import java.io.IOException;
import java.util.List;

/**
 * The answer of Triton's statistics extension (docs/protocol/extension_statistics.md, "Statistics Response JSON Object"). There is no
 * cache here, and reading and writing are not of a batch but of each request; the fields that stay at zero are written, for clients
 * read them.
 */
final class OipStatistics {
  private static final Total NONE = new Total(0, 0);

  private OipStatistics() {}

  static Payload of(List<Counted> versions) {
    return Payload.object(Payload.JSON, out -> {
      out.writeArrayFieldStart("model_stats");
      for (Counted version : versions) {
        write(out, version);
      }
      out.writeEndArray();
    });
  }

  private static void write(JsonGenerator out, Counted version) throws IOException {
    InferenceStatistics counts = version.statistics();
    out.writeStartObject();
    out.writeStringField("name", version.model());
    out.writeStringField("version", Integer.toString(version.version()));
    out.writeNumberField("last_inference", counts.lastInference());
    out.writeNumberField("inference_count", counts.inferences());
    out.writeNumberField("execution_count", counts.executions());
    out.writeObjectFieldStart("inference_stats");
    total(out, "success", counts.success());
    total(out, "fail", counts.fail());
    total(out, "queue", counts.queue());
    compute(out, counts.input(), counts.infer(), counts.output());
    total(out, "cache_hit", NONE);
    total(out, "cache_miss", NONE);
    out.writeEndObject();
    out.writeObjectFieldStart("response_stats");
    out.writeEndObject();
    out.writeArrayFieldStart("batch_stats");
    for (Batch batch : counts.batches()) {
      out.writeStartObject();
      out.writeNumberField("batch_size", batch.rows());
      compute(out, NONE, batch.runs(), NONE);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("memory_usage");
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void compute(JsonGenerator out, Total input, Total infer, Total output)
      throws IOException {
    total(out, "compute_input", input);
    total(out, "compute_infer", infer);
    total(out, "compute_output", output);
  }

  private static void total(JsonGenerator out, String name, Total total) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("count", total.count());
    out.writeNumberField("ns", total.nanos());
    out.writeEndObject();
  }
}
