package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.registry.artifact.StoredFile;
import dev.slipway.registry.model.VersionView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A model version on the wire. */
public record VersionJson(
    String model,
    int version,
    Stage stage,
    String status,
    String statusMessage,
    ServableJson servable,
    boolean live,
    Digest digest,
    Long totalSize,
    String format,
    ModelSignature signature,
    JsonNode inspection,
    String description,
    Map<String, String> tags,
    List<String> aliases,
    String source,
    String runId,
    String createdBy,
    Instant createdAt,
    Instant updatedAt) {

  /** {@code state}: unknown, yes or no. */
  public record ServableJson(String state, String reason) {}

  public static VersionJson of(VersionView view) {
    return new VersionJson(
        view.model(),
        view.number(),
        view.stage(),
        view.status().name(),
        view.statusMessage(),
        new ServableJson(
            view.servable().state().name().toLowerCase(Locale.ROOT),
            view.servable().reason()),
        view.live(),
        view.digest(),
        view.totalSize(),
        view.format(),
        view.signature(),
        view.inspection(),
        view.description(),
        view.tags(),
        view.aliases(),
        view.source(),
        view.runId(),
        view.createdBy(),
        view.createdAt(),
        view.updatedAt());
  }

  record ListJson(List<VersionJson> versions, String nextPageToken) {}

  record New(
      String description,
      String source,
      String runId,
      @JsonSetter(contentNulls = Nulls.FAIL) Map<String, String> tags) {}

  record Patch(String description) {}

  record Complete(
      @JsonSetter(contentNulls = Nulls.FAIL) List<Manifest.Entry> files, Digest digest) {}

  /** A file of a version on the wire. */
  public record FileJson(String path, long size, Digest digest) {
    public static FileJson of(StoredFile file) {
      return new FileJson(file.path().value(), file.size(), file.digest());
    }
  }

  record FilesJson(List<FileJson> files) {}
}
