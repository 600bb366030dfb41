package dev.slipway.serving.engine.booster;

/**
 * One tree of LightGBM ({@code NumericalDecision} and {@code CategoricalDecision} of its tree.h). Inner nodes count from 0; a child
 * {@code c} below zero is the leaf {@code ~c}.
 */
final class LightgbmTree {
  private static final int CATEGORICAL = 1;
  private static final int DEFAULT_LEFT = 2;
  private static final int MISSING_ZERO = 1;
  private static final int MISSING_NAN = 2;

  private final int[] feature;
  private final double[] threshold;
  private final int[] decision;
  private final int[] left;
  private final int[] right;
  private final int[] bitsBegin;
  private final int[] bits;
  private final LightgbmLeaves leaves;

  /**
   * @throws MalformedModelException when it is no tree over {@code features} features
   */
  LightgbmTree(LightgbmFields tree, int features) throws MalformedModelException {
    int count = tree.number("num_leaves");
    if (count < 1) {
      throw new MalformedModelException("a tree has no leaves");
    }
    leaves = new LightgbmLeaves(tree, count, features);
    int inner = count - 1;
    feature = inner == 0 ? new int[0] : tree.ints("split_feature", inner);
    threshold = inner == 0 ? new double[0] : tree.thresholds("threshold", inner);
    decision = inner == 0 ? new int[0] : tree.ints("decision_type", inner);
    left = inner == 0 ? new int[0] : tree.ints("left_child", inner);
    right = inner == 0 ? new int[0] : tree.ints("right_child", inner);
    int categorical = inner == 0 ? 0 : tree.number("num_cat");
    bitsBegin = categorical == 0 ? new int[1] : tree.ints("cat_boundaries", categorical + 1);
    bits = categorical == 0 ? new int[0] : tree.words32("cat_threshold", bitsBegin[categorical]);
    requireTree(features);
  }

  /** The value of the leaf where the row ends. */
  double leaf(double[] row) {
    int node = left.length == 0 ? ~0 : 0;
    while (node >= 0) {
      double input = row[feature[node]];
      boolean goesLeft =
          (decision[node] & CATEGORICAL) != 0 ? inSet(node, input) : goesLeft(node, input);
      node = goesLeft ? left[node] : right[node];
    }
    return leaves.value(~node, row);
  }

  private boolean goesLeft(int node, double given) {
    int missing = decision[node] >> 2 & 3;
    boolean isMissing = Double.isNaN(given) && missing == MISSING_NAN;
    double input = Double.isNaN(given) && missing != MISSING_NAN ? 0 : given;
    // Values as small as LightGBM's kZeroThreshold have become zero before.
    if (isMissing || (missing == MISSING_ZERO && input == 0)) {
      return (decision[node] & DEFAULT_LEFT) != 0;
    }
    return input <= threshold[node];
  }

  private boolean inSet(int node, double input) {
    // A NaN, and what has no int in C++ either, is in no set.
    if (Double.isNaN(input) || input <= -1 || input >= Integer.MAX_VALUE) {
      return false;
    }
    int category = (int) input;
    int set = (int) threshold[node];
    int word = bitsBegin[set] + category / Integer.SIZE;
    return word < bitsBegin[set + 1] && (bits[word] >>> category % Integer.SIZE & 1) != 0;
  }

  /** Every link leads to a node or leaf, every split to a feature or bit set. */
  private void requireTree(int features) throws MalformedModelException {
    for (int i = 0; i + 1 < bitsBegin.length; i++) {
      if (bitsBegin[i] < 0 || bitsBegin[i] > bitsBegin[i + 1]) {
        throw new MalformedModelException("a tree's bit sets overlap");
      }
    }
    boolean[] reached = new boolean[left.length];
    for (int node = 0; node < left.length; node++) {
      requireChild(left[node], reached);
      requireChild(right[node], reached);
      boolean categorical = (decision[node] & CATEGORICAL) != 0;
      if (feature[node] < 0
          || feature[node] >= features
          || (categorical && (threshold[node] < 0 || threshold[node] >= bitsBegin.length - 1))) {
        throw new MalformedModelException("a tree splits on what the model has not");
      }
    }
  }

  /** No node leads to the root, and none but one to any other: so a walk from the root cannot come back. */
  private void requireChild(int child, boolean[] reached) throws MalformedModelException {
    boolean leaf = child < 0 && ~child <= left.length;
    boolean inner = child > 0 && child < left.length && !reached[child];
    if (!leaf && !inner) {
      throw new MalformedModelException("a tree's nodes are not linked as a tree");
    }
    if (inner) {
      reached[child] = true;
    }
  }
}
