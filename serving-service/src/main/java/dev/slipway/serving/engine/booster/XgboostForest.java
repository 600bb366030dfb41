package dev.slipway.serving.engine.booster;

/**
 * XGBoost's prediction on CPU: margins begin at the base score and take up each tree's leaf, in file order, in floats (dart: the leaf
 * times the tree's weight); then the objective's transform.
 */
final class XgboostForest implements Forest {
  private final int features;
  private final XgboostTree[] trees;
  private final int[] groups;
  private final float[] weights;
  private final float[] margins;
  private final XgboostObjective objective;

  /**
   * @param groups the output that each tree adds to
   * @param weights of each tree; null where all count once
   * @param margins what every row begins with, by output
   */
  XgboostForest(
      int features,
      XgboostTree[] trees,
      int[] groups,
      float[] weights,
      float[] margins,
      XgboostObjective objective) {
    this.features = features;
    this.trees = trees;
    this.groups = groups;
    this.weights = weights;
    this.margins = margins;
    this.objective = objective;
  }

  XgboostObjective objective() {
    return objective;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int outputs() {
    return objective.givesBestClass() ? 1 : margins.length;
  }

  @Override
  public boolean takesInfinity() {
    return false;
  }

  @Override
  public void score(double[] row, double[] scores) {
    double[] sums = scores.length == margins.length ? scores : new double[margins.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = margins[i];
    }
    for (int i = 0; i < trees.length; i++) {
      float leaf = trees[i].leaf(row);
      float added = weights == null ? leaf : leaf * weights[i];
      sums[groups[i]] = (float) sums[groups[i]] + added;
    }
    objective.transform(sums);
    System.arraycopy(sums, 0, scores, 0, scores.length);
  }
}
