package dev.slipway.registry.mlflow;

import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.tracking.KeyValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The messages of MLflow's {@code model_registry.proto} as they are written: versions as strings, times in milliseconds, absent
 * what is unset or an empty list.
 */
final class RegistryMessages {
  private RegistryMessages() {}

  record Alias(String alias, String version) {}

  record RegisteredModelMessage(
      String name,
      long creationTimestamp,
      long lastUpdatedTimestamp,
      String userId,
      String description,
      List<ModelVersionMessage> latestVersions,
      List<KeyValue> tags,
      List<Alias> aliases) {
    static RegisteredModelMessage of(ModelView model, List<VersionView> latest) {
      return new RegisteredModelMessage(
          model.name(),
          model.createdAt().toEpochMilli(),
          model.updatedAt().toEpochMilli(),
          user(model.createdBy()),
          emptyAsNull(model.description()),
          Messages.list(latest, ModelVersionMessage::of),
          pairs(model.tags()),
          Messages.list(
              List.copyOf(model.aliases().entrySet()),
              alias -> new Alias(alias.getKey(), String.valueOf(alias.getValue()))));
    }
  }

  record ModelVersionMessage(
      String name,
      String version,
      long creationTimestamp,
      long lastUpdatedTimestamp,
      String userId,
      String currentStage,
      String description,
      String source,
      String runId,
      String status,
      String statusMessage,
      List<KeyValue> tags,
      String runLink,
      List<String> aliases) {
    static ModelVersionMessage of(VersionView version) {
      return new ModelVersionMessage(
          version.model(),
          String.valueOf(version.number()),
          millis(version.createdAt()),
          millis(version.updatedAt()),
          user(version.createdBy()),
          version.stage().label(),
          version.description(),
          version.source(),
          version.runId(),
          version.status().name(),
          version.statusMessage(),
          pairs(version.tags()),
          version.runLink(),
          version.aliases().isEmpty() ? null : version.aliases());
    }
  }

  record RegisteredModelAnswer(RegisteredModelMessage registeredModel) {}

  record RegisteredModels(List<RegisteredModelMessage> registeredModels, String nextPageToken) {}

  record ModelVersionAnswer(ModelVersionMessage modelVersion) {
    static ModelVersionAnswer of(VersionView version) {
      return new ModelVersionAnswer(ModelVersionMessage.of(version));
    }
  }

  record ModelVersions(List<ModelVersionMessage> modelVersions, String nextPageToken) {
    static ModelVersions of(List<VersionView> versions, String nextPageToken) {
      return new ModelVersions(Messages.list(versions, ModelVersionMessage::of), nextPageToken);
    }
  }

  record DownloadUri(String artifactUri) {}

  /** MLflow names nobody where nobody has logged in. */
  private static String user(String createdBy) {
    return dev.slipway.registry.access.Caller.ANONYMOUS.equals(createdBy) ? null : createdBy;
  }

  private static long millis(Instant time) {
    return time.toEpochMilli();
  }

  private static String emptyAsNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static List<KeyValue> pairs(Map<String, String> tags) {
    return tags.isEmpty()
        ? null
        : tags.entrySet().stream()
            .map(tag -> new KeyValue(tag.getKey(), tag.getValue()))
            .toList();
  }
}
