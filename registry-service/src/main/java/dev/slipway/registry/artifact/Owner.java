package dev.slipway.registry.artifact;

/**
 * Whose folder a file is in.
 *
 * @param id the version's id, also of a copy; 0 for the one tree
 */
public record Owner(Kind kind, long id) {
  /** The kinds of folders. */
  public enum Kind {
    VERSION("version"),
    TREE("tree"),
    /** Files of a version that are on their way from somewhere else, and that nobody sees yet. */
    COPY("copy");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** The artifact tree that runs and logged models share (MLflow's artifact proxy). */
  public static final Owner TREE = new Owner(Kind.TREE, 0);

  public static Owner version(long id) {
    return new Owner(Kind.VERSION, id);
  }
}
