package dev.slipway.registry.mlflow;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.api.FileAnswer;
import dev.slipway.registry.artifact.ArtifactTree;
import dev.slipway.registry.artifact.StoredFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Listings and downloads as MLflow writes them. */
@ApplicationScoped
class TreeFiles {
  private final ArtifactTree tree;

  TreeFiles(ArtifactTree tree) {
    this.tree = tree;
  }

  /** One entry of a listing; {@code fileSize} is absent for folders and empty files. */
  record FileInfo(String path, boolean isDir, Long fileSize) {}

  /** A listing; {@code files} is absent when there are none, {@code rootUri} for the tree's own root. */
  record Listing(String rootUri, List<FileInfo> files) {}

  /**
   * @param shown what the entries' paths begin with; "" for bare names
   */
  Listing list(String rootUri, String folder, String shown) {
    List<FileInfo> files = tree.children(folder).stream()
        .map(entry -> new FileInfo(
            shown.isEmpty() ? entry.name() : shown + '/' + entry.name(),
            entry.isFolder(),
            entry.isFolder() || entry.size() == 0 ? null : entry.size()))
        .toList();
    return new Listing(rootUri, files.isEmpty() ? null : files);
  }

  Response download(String path, String range) {
    ArtifactPath file = TreePaths.file(path);
    StoredFile stored = find(file);
    return attachment(FileAnswer.of(stored, range, tree::open), file.value());
  }

  StoredFile find(ArtifactPath path) {
    return tree.find(path)
        .orElseThrow(() -> new MlflowException(
            ErrorCode.RESOURCE_DOES_NOT_EXIST, "No such artifact: '" + path.value() + "'"));
  }

  /** Never shown inline: an HTML artifact must not run in the registry's origin. */
  static Response attachment(Response.ResponseBuilder answer, String path) {
    FileName name = new FileName(path.substring(path.lastIndexOf('/') + 1));
    return answer
        .type(name.mediaType())
        .header("Content-Disposition", name.attachment())
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }
}
