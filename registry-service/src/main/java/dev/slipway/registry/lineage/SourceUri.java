package dev.slipway.registry.lineage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The source of a model version, read as far as this registry can hold what it names. Forms and words are MLflow's
 * ({@code runs:/}, {@code mlflow-artifacts:/}, {@code models:/}).
 */
sealed interface SourceUri {
  /** A folder or file below a run's artifacts; {@code path} may be empty. */
  record RunArtifact(String runId, String path) implements SourceUri {}

  /** A folder or file of the artifact proxy. */
  record ProxyArtifact(String path) implements SourceUri {}

  /** A logged model. */
  record LoggedModelUri(String modelId) implements SourceUri {}

  /** A version of a registered model. Exactly one of number, alias and stage is there; a stage may be "latest". */
  record RegisteredVersion(String model, Integer number, String alias, String stage)
      implements SourceUri {}

  /** Anything else: somewhere that is not ours. */
  record Elsewhere(String uri) implements SourceUri {}

  Pattern RUNS = Pattern.compile("runs:/+([^/]+)(?:/(.*))?");
  Pattern PROXY = Pattern.compile("mlflow-artifacts:(?://[^/]*)?/*(.*)");
  Pattern PROXY_OVER_HTTP =
      Pattern.compile("https?://[^/]+(?:/.*)?/api/2\\.0/mlflow-artifacts/artifacts/(.*)");
  Pattern LOGGED = Pattern.compile("models:/+(m-[^/@]+)");
  Pattern BY_ALIAS = Pattern.compile("models:/+([^/@]+)@([^/@]+)");
  Pattern BY_NUMBER_OR_STAGE = Pattern.compile("models:/+([^/@]+)/([^/@]+)");

  /** A path, a URI of files in any case, or a drive: a scheme of one letter is none. */
  Pattern LOCAL = Pattern.compile("/|(?i:file:)|[A-Za-z]:");

  Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

  static SourceUri parse(String uri) {
    Matcher runs = RUNS.matcher(uri);
    if (runs.matches()) {
      return new RunArtifact(runs.group(1), path(runs.group(2)));
    }
    Matcher logged = LOGGED.matcher(uri);
    if (logged.matches()) {
      return new LoggedModelUri(logged.group(1));
    }
    Matcher alias = BY_ALIAS.matcher(uri);
    if (alias.matches()) {
      return new RegisteredVersion(decoded(alias.group(1)), null, alias.group(2), null);
    }
    Matcher version = BY_NUMBER_OR_STAGE.matcher(uri);
    if (version.matches()) {
      String model = decoded(version.group(1));
      String which = version.group(2);
      return which.matches("\\d{1,9}")
          ? new RegisteredVersion(model, Integer.valueOf(which), null, null)
          : new RegisteredVersion(model, null, null, which);
    }
    return proxied(uri).<SourceUri>map(ProxyArtifact::new).orElseGet(() -> new Elsewhere(uri));
  }

  /** The path inside the artifact proxy that {@code uri} names; empty when it is none of the proxy's. */
  static Optional<String> proxied(String uri) {
    Matcher direct = PROXY.matcher(uri);
    if (direct.matches()) {
      return Optional.of(path(direct.group(1)));
    }
    Matcher http = PROXY_OVER_HTTP.matcher(uri);
    return http.matches() ? Optional.of(path(http.group(1))) : Optional.empty();
  }

  /** Whether it is a file of the machine that the registry runs on. */
  static boolean isLocal(String uri) {
    return LOCAL.matcher(uri).lookingAt() || !SCHEME.matcher(uri).lookingAt();
  }

  /** Whether it holds a ".." or a NUL, also when it is percent-encoded any number of times. */
  static boolean isRelative(String uri) {
    String plain = uri;
    for (String once = decoded(plain); !once.equals(plain); once = decoded(plain)) {
      plain = once;
    }
    return plain.indexOf('\0') >= 0
        || Arrays.asList(plain.split("[/\\\\?&=]", -1)).contains("..");
  }

  private static String path(String raw) {
    return raw == null ? "" : raw.replaceAll("/+", "/").replaceAll("^/|/$", "");
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
