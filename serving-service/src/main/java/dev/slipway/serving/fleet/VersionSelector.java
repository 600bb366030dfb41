package dev.slipway.serving.fleet;

import dev.slipway.common.stage.Stage;

/** Which version of a model a request asks for (rule: only live, once live, or staged with {@code serve_staging}). */
public sealed interface VersionSelector {

  /** No version named: what the traffic says, which is the live version unless a release splits it. */
  record Live(Traits traits) implements VersionSelector {
    public static final Live ANY = new Live(Traits.NONE);
  }

  /** What a request is told apart by, where a release keeps callers on one version. Asked only then. */
  interface Traits {
    /** Nothing is known: chance decides. */
    Traits NONE = new Traits() {
      @Override
      public String header(String name) {
        return null;
      }

      @Override
      public Integer contentHash() {
        return null;
      }
    };

    /** The first value of a header; null when it has none. */
    String header(String name);

    /** A hash of the request's bytes; null when it cannot be had. */
    Integer contentHash();
  }

  /** A version number. */
  record Exact(int version) implements VersionSelector {}

  /** An alias. */
  record Alias(String alias) implements VersionSelector {}

  /** The loaded version in a stage: Production is live, Staging the highest staged version. */
  record InStage(Stage stage) implements VersionSelector {}
}
