package dev.slipway.registry.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Gives Quarkus' mapper the wire's form. */
@Singleton
class JsonForm implements ObjectMapperCustomizer {
  @Override
  public void customize(ObjectMapper mapper) {
    WireJson.configure(mapper);
  }
}
