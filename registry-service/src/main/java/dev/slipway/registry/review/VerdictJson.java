package dev.slipway.registry.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** The stored form of a set of verdicts. */
@ApplicationScoped
class VerdictJson {
  private final ObjectMapper json;

  VerdictJson(ObjectMapper json) {
    this.json = json;
  }

  String write(Set<Bindings.CheckVerdict> checks) {
    try {
      return json.writeValueAsString(checks);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("check verdicts cannot be written", e);
    }
  }

  Set<Bindings.CheckVerdict> read(String checks) {
    try {
      return Set.copyOf(
          json.readValue(checks, new TypeReference<List<Bindings.CheckVerdict>>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored check verdicts cannot be read", e);
    }
  }
}
