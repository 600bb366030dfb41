package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.registry.model.ModelView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A registered model on the wire. */
public record ModelJson(
    String name,
    String description,
    Map<String, String> tags,
    Map<String, Integer> aliases,
    String createdBy,
    Instant createdAt,
    Instant updatedAt,
    Integer liveVersion,
    Integer previousVersion,
    Integer latestVersion) {

  public static ModelJson of(ModelView view) {
    return new ModelJson(
        view.name(),
        view.description(),
        view.tags(),
        view.aliases(),
        view.createdBy(),
        view.createdAt(),
        view.updatedAt(),
        view.liveVersion(),
        view.previousVersion(),
        view.latestVersion());
  }

  record ListJson(List<ModelJson> models, String nextPageToken) {}

  record New(
      String name,
      String description,
      @JsonSetter(contentNulls = Nulls.FAIL) Map<String, String> tags) {}

  record Patch(String description, String name) {}

  record Value(String value) {}

  record AliasTarget(Integer version) {}
}
