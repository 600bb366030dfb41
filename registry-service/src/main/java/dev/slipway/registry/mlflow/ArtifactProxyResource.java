package dev.slipway.registry.mlflow;

import dev.slipway.registry.api.Streamed;
import dev.slipway.registry.artifact.ArtifactTree;
import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** {@code mlflow-artifacts/artifacts}: the artifact tree over HTTP, streamed both ways. */
@Path("/api/2.0/mlflow-artifacts/artifacts")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.WILDCARD)
@MlflowDialect
@RunOnVirtualThread
class ArtifactProxyResource {
  private final ArtifactTree tree;
  private final TreeFiles files;

  ArtifactProxyResource(ArtifactTree tree, TreeFiles files) {
    this.tree = tree;
    this.files = files;
  }

  /** The names in a folder, without their path. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public TreeFiles.Listing list(@QueryParam("path") String path) {
    return files.list(null, TreePaths.folder(path), "");
  }

  @GET
  @Path("{path: .+}")
  @Uncompressed
  @APIResponse(
      responseCode = "200",
      content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM))
  @APIResponse(
      responseCode = "206",
      content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM))
  public Response get(@PathParam("path") String path, @HeaderParam("Range") String range) {
    return files.download(path, range);
  }

  @PUT
  @Path("{path: .+}")
  @Produces(MediaType.APPLICATION_JSON)
  @Streamed
  public Messages.Empty put(@PathParam("path") String path, InputStream body) {
    tree.put(TreePaths.file(path), body);
    return new Messages.Empty();
  }

  @DELETE
  @Path("{path: .+}")
  @Produces(MediaType.APPLICATION_JSON)
  public Messages.Empty delete(@PathParam("path") String path) {
    tree.delete(TreePaths.file(path));
    return new Messages.Empty();
  }
}
