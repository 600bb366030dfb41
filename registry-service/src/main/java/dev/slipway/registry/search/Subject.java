package dev.slipway.registry.search;

/** What kind of thing a clause or an ordering looks at. */
public enum Subject {
  ATTRIBUTE("attribute", "attributes"),
  METRIC("metric", "metrics"),
  PARAMETER("parameter", "params"),
  TAG("tag", "tags"),
  DATASET("dataset", "datasets");

  private final String label;
  private final String plural;

  Subject(String label, String plural) {
    this.label = label;
    this.plural = plural;
  }

  /** The word that messages use. */
  public String label() {
    return label;
  }

  /** The prefix as it is written most often, for example {@code metrics}. */
  public String plural() {
    return plural;
  }
}
