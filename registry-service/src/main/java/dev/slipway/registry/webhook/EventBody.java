package dev.slipway.registry.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import java.time.Instant;
import java.util.Map;

/** The body of a delivery, as MLflow's: entity, action, timestamp, data. In data a null is written. */
final class EventBody {
  private static final ObjectMapper JSON =
      WireJson.mapper().setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);

  private EventBody() {}

  private record Body(String entity, String action, Instant timestamp, Map<String, Object> data) {}

  static String json(WebhookEvent event, Instant at, Map<String, Object> data) {
    try {
      return JSON.writeValueAsString(new Body(event.entity(), event.action(), at, data));
    } catch (JsonProcessingException cause) {
      throw new IllegalArgumentException("an event is what JSON can hold", cause);
    }
  }
}
