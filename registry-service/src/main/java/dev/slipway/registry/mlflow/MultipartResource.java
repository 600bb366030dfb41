package dev.slipway.registry.mlflow;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.common.store.Presigner;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.artifact.MultipartUploads;
import dev.slipway.registry.artifact.StoredFile;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code mlflow-artifacts/mpu} and {@code presigned}: bytes straight between client and store, where the store signs links. */
@Path("/api/2.0/mlflow-artifacts")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class MultipartResource {
  private static final Duration LINK_VALID = Duration.ofMinutes(15);

  private final MultipartUploads uploads;
  private final TreeFiles files;
  private final Requests requests;

  MultipartResource(MultipartUploads uploads, TreeFiles files, Requests requests) {
    this.uploads = uploads;
    this.files = files;
    this.requests = requests;
  }

  /** Where to PUT one part. */
  record Credential(String url, int partNumber, Map<String, String> headers) {}

  record Created(String uploadId, List<Credential> credentials) {}

  record Link(String url, Map<String, String> headers, long fileSize) {}

  @POST
  @Path("mpu/create/{folder: .*}")
  public Created create(
      @PathParam("folder") String folder, @Context HttpHeaders headers, byte[] body) {
    requireOffered("Multipart upload");
    MlflowRequest request = requests.post(headers, body);
    target(folder, request.requiredText("path"));
    var begun = uploads.begin(request.size("num_parts", 1, Integer.MAX_VALUE));
    List<Credential> credentials = new ArrayList<>();
    for (URI link : begun.links()) {
      credentials.add(new Credential(link.toString(), credentials.size() + 1, Map.of()));
    }
    return new Created(begun.uploadId(), credentials);
  }

  @POST
  @Path("mpu/complete/{folder: .*}")
  public Messages.Empty complete(
      @PathParam("folder") String folder, @Context HttpHeaders headers, byte[] body) {
    requireOffered("Multipart upload");
    MlflowRequest request = requests.post(headers, body);
    ArtifactPath path = target(folder, request.requiredText("path"));
    request.require("parts");
    List<Presigner.Part> parts = request.messages("parts").stream()
        .map(part ->
            new Presigner.Part((int) part.requiredNumber("part_number"), part.requiredText("etag")))
        .toList();
    uploads.complete(path, request.requiredText("upload_id"), parts);
    return new Messages.Empty();
  }

  @POST
  @Path("mpu/abort/{folder: .*}")
  public Messages.Empty abort(
      @PathParam("folder") String folder, @Context HttpHeaders headers, byte[] body) {
    requireOffered("Multipart upload");
    MlflowRequest request = requests.post(headers, body);
    target(folder, request.requiredText("path"));
    uploads.abort(request.requiredText("upload_id"));
    return new Messages.Empty();
  }

  @GET
  @Path("presigned/{path: .+}")
  public Link presigned(@PathParam("path") String path) {
    StoredFile file = files.find(TreePaths.file(path));
    requireOffered("Presigned download");
    return new Link(uploads.link(file, LINK_VALID).toString(), Map.of(), file.size());
  }

  /** Clients send the file's path on their own disk: only its name counts. */
  private static ArtifactPath target(String folder, String localFile) {
    String name =
        localFile.substring(Math.max(localFile.lastIndexOf('/'), localFile.lastIndexOf('\\')) + 1);
    String below = TreePaths.folder(folder);
    ArtifactPath path = TreePaths.file(below.isEmpty() ? name : below + '/' + name);
    ArtifactTree.requireWritable(path);
    return path;
  }

  /** MLflow's client falls back to one PUT when it reads this text. */
  private void requireOffered(String what) {
    if (!uploads.isOffered()) {
      throw new MlflowException(
          ErrorCode.NOT_IMPLEMENTED,
          what + " is not supported for the current artifact repository");
    }
  }
}
