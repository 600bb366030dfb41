package dev.slipway.registry.web;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.artifact.StoredFile;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.tracking.RunInfo;
import dev.slipway.registry.tracking.Runs;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A file that a run logged, looked at without downloading it. */
@Path("/runs/{id: [0-9a-zA-Z_-]{1,64}}")
@Browsed
@RunOnVirtualThread
class FilePage {
  /** Whoever logged it wrote it: as a document of its own it may do nothing at all. */
  private static final String HARMLESS = "default-src 'none'; sandbox";

  private final Runs runs;
  private final ArtifactTree tree;
  private final Frame frame;

  FilePage(Runs runs, ArtifactTree tree, Frame frame) {
    this.runs = runs;
    this.tree = tree;
    this.frame = frame;
  }

  @GET
  @Path("files")
  @Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
  public Response get(
      @PathParam("id") String id, @QueryParam("path") @DefaultValue("") String path) {
    return frame.show(() -> {
      RunInfo run = runs.info(id);
      StoredFile file = find(run, path);
      int slash = path.lastIndexOf('/');
      String href = Links.run(run.runId());
      String query = "path=" + Links.segment(path);
      Preview preview = Preview.of(path, start(file), file.size());
      var view = new FileView(
          path,
          ByteSize.text(file.size()),
          file.digest().value(),
          RunTexts.name(run),
          href,
          href + (slash < 0 ? "" : "?path=" + Links.segment(path.substring(0, slash))) + "#files",
          "/get-artifact?run_id=" + run.runId() + "&" + query,
          preview.kind() == Preview.Kind.IMAGE ? href + "/image?" + query : "",
          preview);
      return new Face(
          Templates.file(frame.shell(path, null), view),
          new PageJson.OneFile(path, file.size(), file.digest().value(), preview.kind()));
    });
  }

  /** An image of a kind that holds no script; others are not shown. */
  @GET
  @Path("image")
  @Produces(MediaType.WILDCARD)
  public Response image(
      @PathParam("id") String id, @QueryParam("path") @DefaultValue("") String path) {
    StoredFile file = find(runs.info(id), path);
    String type = Preview.imageType(start(file))
        .orElseThrow(() -> new NotFound("not-an-image", "'" + path + "' is no image to be shown"));
    return Response.ok(tree.open(file, 0, file.size()), type)
        .header("Content-Length", file.size())
        .header("Content-Security-Policy", HARMLESS)
        .header("X-Content-Type-Options", "nosniff")
        .header("Cache-Control", "private, no-cache")
        .build();
  }

  private StoredFile find(RunInfo run, String path) {
    Optional<String> root = ArtifactTree.pathOf(run.artifactUri());
    return root.flatMap(it -> tree.find(new ArtifactPath(it + "/" + path)))
        .orElseThrow(() -> new NotFound(
            "file-not-found", "run " + run.runId() + " has no file '" + path + "' here"));
  }

  private byte[] start(StoredFile file) {
    try (InputStream in = tree.open(file, 0, Math.min(file.size(), Preview.MOST_BYTES))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
