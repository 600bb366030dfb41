package dev.slipway.registry.mlflow;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.api.FileAnswer;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.ByteArrayInputStream;

/** The files of runs and versions by what they belong to, where the tree's own paths are not known. */
@Path("/")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class RunArtifactsResource {
  private static final int MOST_UPLOAD_BYTES = 10 << 20;

  private final Runs runs;
  private final Snapshots snapshots;
  private final ArtifactTree tree;
  private final TreeFiles files;
  private final Requests requests;

  RunArtifactsResource(
      Runs runs, Snapshots snapshots, ArtifactTree tree, TreeFiles files, Requests requests) {
    this.runs = runs;
    this.snapshots = snapshots;
    this.tree = tree;
    this.files = files;
    this.requests = requests;
  }

  @GET
  @Path("api/2.0/mlflow/artifacts/list")
  public TreeFiles.Listing list(@Context UriInfo uri, byte[] body) {
    return list(requests.get(uri, body));
  }

  TreeFiles.Listing list(MlflowRequest request) {
    String runId = request.runId();
    String path = TreePaths.folder(request.text("path"));
    String root = runs.info(runId).artifactUri();
    return files.list(root, TreePaths.below(root, path), path);
  }

  @GET
  @Path("get-artifact")
  @Produces(MediaType.WILDCARD)
  @Uncompressed
  public Response get(@Context UriInfo uri, @HeaderParam("Range") String range) {
    MlflowRequest request = requests.get(uri, null);
    String runId = request.runId();
    String path = TreePaths.file(request.requiredText("path")).value();
    return files.download(TreePaths.below(runs.info(runId).artifactUri(), path), range);
  }

  @GET
  @Path("model-versions/get-artifact")
  @Produces(MediaType.WILDCARD)
  @Uncompressed
  public Response ofVersion(@Context UriInfo uri, @HeaderParam("Range") String range) {
    MlflowRequest request = requests.get(uri, null);
    ArtifactPath path = TreePaths.file(request.requiredText("path"));
    String model = request.requiredText("name");
    long version = request.requiredNumber("version");
    var file = snapshots.file(model, Math.clamp(version, 0, Integer.MAX_VALUE), path);
    return TreeFiles.attachment(FileAnswer.of(file, range, snapshots::open), path.value());
  }

  /** What MLflow's UI uploads: one small file. */
  @POST
  @Path("api/2.0/mlflow/upload-artifact")
  public Messages.Empty upload(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, null);
    if (request.text("run_uuid").isEmpty() && request.text("run_id").isEmpty()) {
      throw MlflowException.invalid("Request must specify run_uuid.");
    }
    if (request.text("path").isEmpty()) {
      throw MlflowException.invalid("Request must specify path.");
    }
    ArtifactPath path = TreePaths.file(request.text("path"));
    if (body == null || body.length == 0) {
      throw MlflowException.invalid("Request must specify data.");
    }
    if (body.length > MOST_UPLOAD_BYTES) {
      throw MlflowException.invalid("Artifact size is too large. Max size is 10MB.");
    }
    String root = runs.info(request.runId()).artifactUri();
    tree.put(new ArtifactPath(TreePaths.below(root, path.value())), new ByteArrayInputStream(body));
    return new Messages.Empty();
  }
}
