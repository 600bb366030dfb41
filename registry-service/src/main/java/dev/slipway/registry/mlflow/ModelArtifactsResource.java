package dev.slipway.registry.mlflow;

import dev.slipway.registry.tracking.LoggedModels;
import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The files of a logged model. */
@Path("/api/2.0/mlflow/logged-models/{model_id}/artifacts")
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class ModelArtifactsResource {
  private final LoggedModels models;
  private final TreeFiles files;

  ModelArtifactsResource(LoggedModels models, TreeFiles files) {
    this.models = models;
    this.files = files;
  }

  @GET
  @Path("directories")
  public TreeFiles.Listing list(
      @PathParam("model_id") String id, @QueryParam("artifact_directory_path") String path) {
    String folder = TreePaths.folder(path);
    String root = models.get(id).artifactLocation();
    return files.list(root, TreePaths.below(root, folder), folder);
  }

  @GET
  @Path("files")
  @Produces(MediaType.WILDCARD)
  @Uncompressed
  public Response get(
      @PathParam("model_id") String id,
      @QueryParam("artifact_file_path") String path,
      @HeaderParam("Range") String range) {
    if (path == null || path.isEmpty()) {
      throw new MlflowException(
          ErrorCode.BAD_REQUEST,
          "Request must include the \"artifact_file_path\" query parameter.");
    }
    String file = TreePaths.file(path).value();
    return files.download(TreePaths.below(models.get(id).artifactLocation(), file), range);
  }
}
