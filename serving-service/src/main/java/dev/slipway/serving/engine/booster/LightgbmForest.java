package dev.slipway.serving.engine.booster;

/**
 * LightGBM's prediction: each tree's leaf added in file order, in doubles; the mean over the rounds for random forests; then the
 * objective's transform. Tree {@code i} adds to output {@code i % outputs}.
 */
final class LightgbmForest implements Forest {
  /** LightGBM's kZeroThreshold: what is no larger is zero. It is a float there. */
  private static final double ZERO_THRESHOLD = 1e-35f;

  private final int features;
  private final int outputs;
  private final LightgbmTree[] trees;
  private final boolean average;
  private final LightgbmObjective objective;

  LightgbmForest(
      int features,
      int outputs,
      LightgbmTree[] trees,
      boolean average,
      LightgbmObjective objective) {
    this.features = features;
    this.outputs = outputs;
    this.trees = trees;
    this.average = average;
    this.objective = objective;
  }

  LightgbmObjective objective() {
    return objective;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public boolean takesInfinity() {
    return true;
  }

  @Override
  public void score(double[] row, double[] scores) {
    for (int i = 0; i < row.length; i++) {
      row[i] = Math.abs(row[i]) <= ZERO_THRESHOLD ? 0 : row[i];
    }
    java.util.Arrays.fill(scores, 0);
    for (int i = 0; i < trees.length; i++) {
      scores[i % outputs] += trees[i].leaf(row);
    }
    if (average) {
      int rounds = trees.length / outputs;
      for (int i = 0; i < outputs; i++) {
        scores[i] /= rounds;
      }
    }
    objective.transform(scores);
  }
}
