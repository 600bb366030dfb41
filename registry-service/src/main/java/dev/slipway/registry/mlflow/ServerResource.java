package dev.slipway.registry.mlflow;

import dev.slipway.common.mlflow.MlflowVersion;
import dev.slipway.registry.artifact.MultipartUploads;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What clients ask a server first. */
@Path("/")
class ServerResource {
  private final MultipartUploads uploads;

  ServerResource(MultipartUploads uploads) {
    this.uploads = uploads;
  }

  record ServerInfo(
      String storeType,
      boolean workspacesEnabled,
      boolean traceArchivalEnabled,
      boolean multipartUploadsEnabled,
      boolean multipartDownloadsEnabled,
      boolean presignedUploadRunIdSupported,
      boolean presignedUploadModelIdSupported,
      Map<String, Boolean> featuresEnabled) {}

  /** Alive, as MLflow says it: looks at nothing. {@code /q/health} says more. */
  @GET
  @Path("health")
  @Produces(MediaType.TEXT_PLAIN)
  public String health() {
    return "OK";
  }

  @GET
  @Path("version")
  @Produces(MediaType.TEXT_PLAIN)
  public String version() {
    return MlflowVersion.FOLLOWED;
  }

  /** Where OpenTelemetry's exporters send spans. */
  @POST
  @Path("v1/traces")
  @Operation(hidden = true)
  public void spans() {
    throw MlflowException.notOffered("traces");
  }

  @GET
  @Path("server-info")
  @Produces(MediaType.APPLICATION_JSON)
  public ServerInfo rootInfo() {
    return info();
  }

  @GET
  @Path("api/3.0/mlflow/server-info")
  @Produces(MediaType.APPLICATION_JSON)
  public ServerInfo info() {
    boolean links = uploads.isOffered();
    return new ServerInfo(
        "SqlStore", false, false, links, links, true, true, Map.of("gateway", false));
  }
}
