package dev.slipway.registry.api;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.artifact.StoredFile;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The files of a version: PUT one by one as raw bodies while it is pending, read whole or in ranges ever after. */
@Path("/api/v1/models/{model}/versions/{version: \\d{1,9}}/files")
public class FilesResource {
  private final Snapshots snapshots;

  FilesResource(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  @GET
  public VersionJson.FilesJson list(
      @PathParam("model") String model, @PathParam("version") int version) {
    return new VersionJson.FilesJson(
        snapshots.files(model, version).stream().map(VersionJson.FileJson::of).toList());
  }

  /** The body is checked against the digest that the headers promise, if any. */
  @PUT
  @Path("/{path: .+}")
  @Consumes(MediaType.WILDCARD)
  @Streamed
  @APIResponse(
      responseCode = "201",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VersionJson.FileJson.class)))
  public Response put(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @PathParam("path") String path,
      @HeaderParam("Repr-Digest") String reprDigest,
      @HeaderParam("X-Content-Sha256") String hex,
      InputStream body) {
    StoredFile stored = snapshots.upload(
        model, version, new ArtifactPath(path), body, PromisedDigest.of(reprDigest, hex));
    return Response.status(Response.Status.CREATED)
        .entity(VersionJson.FileJson.of(stored))
        .build();
  }

  @GET
  @Path("/{path: .+}")
  @jakarta.ws.rs.Produces(MediaType.WILDCARD)
  @APIResponse(
      responseCode = "200",
      content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM))
  @APIResponse(
      responseCode = "206",
      content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM))
  public Response get(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @PathParam("path") String path,
      @HeaderParam("Range") String range) {
    StoredFile file = snapshots.file(model, version, new ArtifactPath(path));
    return FileAnswer.of(file, range, snapshots::open)
        .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
        .build();
  }

  @DELETE
  @Path("/{path: .+}")
  public void delete(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @PathParam("path") String path) {
    snapshots.delete(model, version, new ArtifactPath(path));
  }
}
