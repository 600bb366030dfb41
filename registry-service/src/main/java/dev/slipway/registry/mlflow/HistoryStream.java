package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.slipway.registry.tracking.Metric;
import dev.slipway.registry.tracking.MetricHistory;
import dev.slipway.registry.tracking.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a history of any length, chunk by chunk: a client may ask for a million points at once. */
@ApplicationScoped
class HistoryStream {
  private static final int CHUNK = 10_000;

  private final MetricHistory history;
  private final ObjectWriter json;

  HistoryStream(MetricHistory history, ObjectMapper json) {
    this.history = history;
    this.json = json.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
  }

  /**
   * Reads the first chunk at once, so that a mistake is answered as one.
   *
   * @param wanted how many points at most; null for all
   */
  StreamingOutput of(String runId, String key, Integer wanted, String token) {
    long most = wanted == null ? Long.MAX_VALUE : wanted;
    Page<Metric> first = chunk(runId, key, most, token);
    return output -> write(output, first, new Rest(runId, key, most));
  }

  /** What is still to come after a chunk. */
  private record Rest(String runId, String key, long wanted) {}

  private Page<Metric> chunk(String runId, String key, long wanted, String token) {
    return history.of(runId, key, (int) Math.min(wanted, CHUNK), token);
  }

  private void write(OutputStream output, Page<Metric> first, Rest rest) throws IOException {
    try (JsonGenerator generator = json.createGenerator(output)) {
      generator.writeStartObject();
      Page<Metric> page = first;
      long left = rest.wanted();
      if (!page.items().isEmpty()) {
        generator.writeArrayFieldStart("metrics");
        while (true) {
          for (Metric point : page.items()) {
            json.writeValue(generator, Messages.MetricMessage.of(point));
          }
          left -= page.items().size();
          if (page.nextToken() == null || left <= 0) {
            break;
          }
          page = chunk(rest.runId(), rest.key(), left, page.nextToken());
        }
        generator.writeEndArray();
      }
      if (page.nextToken() != null) {
        generator.writeStringField("next_page_token", page.nextToken());
      }
      generator.writeEndObject();
    }
  }
}
