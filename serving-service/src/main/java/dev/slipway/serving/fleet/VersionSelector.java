package dev.slipway.serving.fleet;

import dev.slipway.common.stage.Stage;

/** Which version of a model a request asks for (rule: only live, once live, or staged with {@code serve_staging}). */
public sealed interface VersionSelector {

  /** No version named: what the traffic says, which is the live version unless a release splits it. */
  record Live(String stickyKey) implements VersionSelector {
    public static final Live ANY = new Live(null);
  }

  /** A version number. */
  record Exact(int version) implements VersionSelector {}

  /** An alias. */
  record Alias(String alias) implements VersionSelector {}

  /** The loaded version in a stage: Production is live, Staging the highest staged version. */
  record InStage(Stage stage) implements VersionSelector {}
}
