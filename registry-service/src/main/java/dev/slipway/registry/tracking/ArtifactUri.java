package dev.slipway.registry.tracking;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where things put their files: URIs that clients resolve, {@code mlflow-artifacts:} for this server's own proxy. */
final class ArtifactUri {
  private static final String ROOT = "mlflow-artifacts:/";
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

  private ArtifactUri() {}

  /**
   * A folder without a scheme is one of a machine that clients and servers share, and a relative one starts where the server runs, as
   * with MLflow's: else each client would take it for one below its own working directory.
   */
  static String absolute(String location) {
    return location.startsWith("/") || SCHEME.matcher(location).lookingAt()
        ? location
        : Path.of("").toAbsolutePath() + "/" + location;
  }

  static String ofExperiment(long id) {
    return ROOT + id;
  }

  static String ofRun(String experimentLocation, String runId) {
    return append(experimentLocation, runId + "/artifacts");
  }

  static String ofModel(String experimentLocation, String modelId) {
    return append(experimentLocation, "models/" + modelId + "/artifacts");
  }

  /** Appends to the path of {@code uri}; a query stays at the end. */
  private static String append(String uri, String path) {
    int query = uri.indexOf('?');
    String base = query < 0 ? uri : uri.substring(0, query);
    String rest = query < 0 ? "" : uri.substring(query);
    return base + (base.endsWith("/") ? "" : "/") + path + rest;
  }
}
