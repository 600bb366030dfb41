package dev.slipway.serving.engine.booster;

/** The trees of one booster with all that turns a row into scores. Immutable, so safe to use from many threads. */
interface Forest {

  /** Values of a row. */
  int features();

  /** Scores of a row. */
  int outputs();

  /** Whether the framework takes an infinite value; NaN is a missing value to both. */
  boolean takesInfinity();

  /**
   * Scores one row.
   *
   * @param row {@link #features} values; may be changed
   * @param scores room for {@link #outputs} scores
   */
  void score(double[] row, double[] scores);
}
