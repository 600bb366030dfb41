package dev.slipway.serving.wire.http;

import dev.slipway.common.stage.Stage;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Which version a URL names. */
public final class Selectors {
  private Selectors() {}

  /** Decided once the body has been read, so that every error finds a caller who listens. */
  @FunctionalInterface
  public interface Source {
    VersionSelector select() throws InferenceException;
  }

  /** A path segment: digits are a version number, anything else an alias; null or empty means live. */
  public static VersionSelector segment(String version) throws InferenceException {
    if (version == null || version.isEmpty()) {
      return VersionSelector.Live.ANY;
    }
    if (version.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return number(version);
    }
    return new VersionSelector.Alias(version);
  }

  private static VersionSelector number(String version) throws InferenceException {
    try {
      return new VersionSelector.Exact(Integer.parseInt(version));
    } catch (NumberFormatException e) {
      throw InferenceException.badInput("version: expected a number, got '" + version + "'");
    }
  }

  /** The path's {@code version}. */
  public static VersionSelector segment(RoutingContext context) throws InferenceException {
    return segment(context.pathParam("version"));
  }

  /** {@link #query(HttpServerRequest)} of a route's request. */
  public static VersionSelector query(RoutingContext context) throws InferenceException {
    return query(context.request());
  }

  /** The query's {@code version}, {@code alias} or {@code stage}; at most one of them. */
  public static VersionSelector query(HttpServerRequest request) throws InferenceException {
    if (request.query() == null) {
      return VersionSelector.Live.ANY;
    }
    String version = request.getParam("version");
    String alias = request.getParam("alias");
    String stage = request.getParam("stage");
    long given =
        Arrays.asList(version, alias, stage).stream().filter(p -> p != null).count();
    if (given > 1) {
      throw InferenceException.badInput("name one of version, alias and stage, not " + given);
    }
    if (version != null) {
      return number(version);
    }
    if (alias != null) {
      return new VersionSelector.Alias(alias);
    }
    return stage == null ? VersionSelector.Live.ANY : new VersionSelector.InStage(stage(stage));
  }

  /** The stage of that name, in any case. */
  public static Stage stage(String name) throws InferenceException {
    return Stage.find(name)
        .orElseThrow(() -> InferenceException.badInput("stage: expected one of "
            + Arrays.stream(Stage.values()).map(Stage::label).collect(Collectors.joining(", "))
            + ", got '" + name + "'"));
  }
}
