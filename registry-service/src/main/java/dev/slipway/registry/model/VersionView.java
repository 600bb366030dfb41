package dev.slipway.registry.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A model version as others see it.
 *
 * @param digest null until complete, and for a source that could not be resolved
 * @param totalSize bytes of all files; null until complete
 * @param inspection what the inspect job found, for reviewers; null until done
 * @param wasLive whether it ever was live
 * @param revision grows with each change: the ETag
 */
public record VersionView(
    long id,
    long modelId,
    String model,
    int number,
    Stage stage,
    Status status,
    String statusMessage,
    Servable servable,
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
    String runLink,
    String createdBy,
    Instant createdAt,
    Instant updatedAt,
    boolean wasLive,
    long revision) {

  /** MLflow's registration status (ModelVersionStatus). */
  public enum Status {
    PENDING_REGISTRATION,
    READY,
    FAILED_REGISTRATION
  }

  /** Whether the gateway can serve it, and why not. */
  public record Servable(State state, String reason) {
    /** What is known. */
    public enum State {
      UNKNOWN,
      YES,
      NO
    }
  }
}
