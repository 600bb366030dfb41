package dev.slipway.registry.mlflow;

import dev.slipway.common.artifact.ArtifactPath;
import dev.slipway.registry.artifact.ArtifactTree;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Paths in the artifact tree as clients send them. Whatever could mean another place, also after one or more further decodings, is
 * refused with MLflow's "Invalid path": parents, absolute paths, backslashes, fragments, file URIs.
 */
final class TreePaths {
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
  private static final int MOST_DECODINGS = 10;

  private TreePaths() {}

  /** The folder that {@code path} names; "" for the root. */
  static String folder(String path) {
    if (path == null || path.isEmpty()) {
      return "";
    }
    requireSafe(path);
    String clean = Arrays.stream(path.split("/"))
        .filter(segment -> !segment.isEmpty() && !segment.equals("."))
        .collect(Collectors.joining("/"));
    return clean.isEmpty() ? "" : checked(clean).value();
  }

  /** The file that {@code path} names. */
  static ArtifactPath file(String path) {
    return checked(folder(path));
  }

  /** The folder below a run's or a model's artifact root. */
  static String below(String root, String path) {
    String base = treePath(root);
    String inside = folder(path);
    return base.isEmpty() || inside.isEmpty() ? base + inside : base + '/' + inside;
  }

  /** Where in the tree {@code uri} is. */
  static String treePath(String uri) {
    Optional<String> path = ArtifactTree.pathOf(uri);
    return folder(path.orElseThrow(() -> MlflowException.invalid("The artifacts at '" + uri
        + "' are not in this registry's artifact store; read them from there.")));
  }

  private static ArtifactPath checked(String path) {
    try {
      return new ArtifactPath(path);
    } catch (IllegalArgumentException wrong) {
      throw invalid();
    }
  }

  private static void requireSafe(String path) {
    String form = path;
    for (int i = 0; i < MOST_DECODINGS; i++) {
      requirePlain(form);
      String decoded = decoded(form);
      if (decoded.equals(form)) {
        return;
      }
      form = decoded;
    }
    throw invalid();
  }

  private static void requirePlain(String path) {
    boolean leaves = path.startsWith("/")
        || path.indexOf('#') >= 0
        || path.indexOf('\\') >= 0
        || path.regionMatches(true, 0, "file:", 0, 5)
        || DRIVE.matcher(path).matches()
        || Arrays.asList(path.split("/", -1)).contains("..");
    if (leaves) {
      throw invalid();
    }
  }

  /** One more decoding; a stray '%' stands for itself. */
  private static String decoded(String path) {
    String kept = path.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
    return URLDecoder.decode(kept, StandardCharsets.UTF_8);
  }

  private static MlflowException invalid() {
    return MlflowException.invalid("Invalid path");
  }
}
