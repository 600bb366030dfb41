package dev.slipway.registry.mlflow;

import dev.slipway.registry.tracking.LoggedModels;
import dev.slipway.registry.tracking.Runs;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * {@code artifacts/presigned-*-url}: links into a store that a run's own artifact root names. Roots here are proxied, or lie with
 * somebody else, whose keys the registry signs nothing with; so every answer is one of MLflow's refusals, after its own checks.
 */
@Path("/")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class PresignedResource {
  private static final Set<String> PROXIED = Set.of("http", "https", "mlflow-artifacts");
  private static final long MOST_SECONDS = 604_800;
  private static final long DEFAULT_SECONDS = 900;

  private final Runs runs;
  private final LoggedModels models;
  private final Requests requests;

  PresignedResource(Runs runs, LoggedModels models, Requests requests) {
    this.runs = runs;
    this.models = models;
    this.requests = requests;
  }

  @POST
  @Path("api/2.0/mlflow/artifacts/presigned-upload-url")
  @Operation(hidden = true)
  public void upload(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String runId = request.text("run_id");
    String modelId = request.text("model_id");
    String path = request.requiredText("path");
    request.numberOrNull("expiration");
    if (runId.isEmpty() == modelId.isEmpty()) {
      throw MlflowException.invalid("Exactly one of run_id and model_id must be provided.");
    }
    TreePaths.file(path);
    String root = runId.isEmpty()
        ? models.get(modelId).artifactLocation()
        : runs.info(runId).artifactUri();
    refuseProxied(root, "upload is not supported for", "a");
    throw unsupported("upload");
  }

  @POST
  @Path("api/2.0/mlflow/artifacts/presigned-download-url")
  @Operation(hidden = true)
  public void download(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String runId = request.requiredText("run_id");
    TreePaths.file(request.requiredText("path"));
    long seconds = request.number("expiration", DEFAULT_SECONDS);
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw MlflowException.invalid(
          "expiration must be between 1 and " + MOST_SECONDS + " seconds (got " + seconds + ").");
    }
    refuseProxied(
        runs.info(runId).artifactUri(), "download is not supported for runs with", "a run with a");
    throw unsupported("download");
  }

  private static void refuseProxied(String root, String what, String needed) {
    int colon = root.indexOf(':');
    String scheme = colon < 0 ? "" : root.substring(0, colon);
    if (PROXIED.contains(scheme)) {
      throw MlflowException.invalid("Presigned " + what
          + " proxied artifact storage (artifact URI scheme: " + scheme
          + "). This endpoint requires " + needed + " direct cloud storage artifact URI.");
    }
  }

  private static MlflowException unsupported(String what) {
    return new MlflowException(
        ErrorCode.NOT_IMPLEMENTED,
        "Presigned " + what + " is not supported for the current artifact repository");
  }
}
