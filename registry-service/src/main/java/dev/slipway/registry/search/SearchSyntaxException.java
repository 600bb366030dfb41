package dev.slipway.registry.search;

/** A filter, an ordering or a page token that cannot be read. The message is MLflow's and fit for the caller. */
public final class SearchSyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public SearchSyntaxException(String message) {
    super(message);
  }
}
