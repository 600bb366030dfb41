package dev.slipway.serving.engine.booster;

import java.util.BitSet;

/**
 * One tree of scalars. A numeric split sends what is less than its threshold to the left; a categorical one sends its own
 * categories to the right; a missing value goes the split's default way ({@code GetNextNode} of XGBoost's predict_fn.h).
 */
final class XgboostTree {
  private static final int CATEGORICAL = 1;
  /** The first whole number that XGBoost takes for no category: beyond it not every one is a float. */
  private static final int CATEGORY_LIMIT = 1 << 24;

  private final int[] left;
  private final int[] feature;
  private final float[] value;
  private final boolean[] missingGoesLeft;
  private final BitSet[] categories;

  /**
   * @throws MalformedModelException when it is no tree over {@code features} features
   */
  XgboostTree(XgboostNode tree, int features) throws MalformedModelException {
    left = tree.ints("left_children");
    feature = tree.ints("split_indices");
    value = tree.floats("split_conditions");
    int[] right = tree.ints("right_children");
    int[] defaultLeft = tree.ints("default_left");
    int nodes = left.length;
    if (nodes == 0
        || right.length != nodes
        || feature.length != nodes
        || value.length != nodes
        || defaultLeft.length != nodes) {
      throw new MalformedModelException("a tree's arrays are not of one length");
    }
    missingGoesLeft = new boolean[nodes];
    for (int node = 0; node < nodes; node++) {
      missingGoesLeft[node] = defaultLeft[node] != 0;
    }
    boolean[] reached = requireTree(right, features);
    categories = categories(tree);
    requireCategories(tree.optionalInts("split_type"), reached);
  }

  /** The value of the leaf where the row ends. */
  float leaf(double[] row) {
    int node = 0;
    while (left[node] >= 0) {
      node = goesLeft(node, row[feature[node]]) ? left[node] : left[node] + 1;
    }
    return value[node];
  }

  private boolean goesLeft(int node, double input) {
    if (Double.isNaN(input)) {
      return missingGoesLeft[node];
    }
    if (categories != null && categories[node] != null) {
      return input < 0 || !categories[node].get((int) input);
    }
    return input < value[node];
  }

  /** Every node but the root has one parent, so that a walk ends; and a right child is the one after its left sibling. */
  private boolean[] requireTree(int[] right, int features) throws MalformedModelException {
    boolean[] reached = new boolean[left.length];
    int[] stack = new int[left.length];
    int size = 1;
    reached[0] = true;
    while (size > 0) {
      int node = stack[--size];
      if (left[node] < 0) {
        continue;
      }
      int child = left[node];
      boolean pair = child < left.length - 1 && right[node] == child + 1;
      if (!pair || reached[child] || reached[child + 1]) {
        throw new MalformedModelException("a tree's nodes are not linked as a tree");
      }
      if (feature[node] < 0 || feature[node] >= features) {
        throw new MalformedModelException("a tree splits on a feature that the model has not");
      }
      reached[child] = true;
      reached[child + 1] = true;
      stack[size++] = child;
      stack[size++] = child + 1;
    }
    return reached;
  }

  private void requireCategories(int[] types, boolean[] reached) throws MalformedModelException {
    for (int node = 0; node < Math.min(types.length, left.length); node++) {
      boolean categorical = types[node] == CATEGORICAL;
      boolean listed = categories != null && categories[node] != null;
      if (reached[node] && left[node] >= 0 && categorical != listed) {
        throw new MalformedModelException("a categorical split has no categories");
      }
    }
  }

  private BitSet[] categories(XgboostNode tree) throws MalformedModelException {
    int[] nodes = tree.optionalInts("categories_nodes");
    if (nodes.length == 0) {
      return null;
    }
    int[] all = tree.ints("categories");
    int[] begins = tree.ints("categories_segments");
    int[] sizes = tree.ints("categories_sizes");
    if (begins.length != nodes.length || sizes.length != nodes.length) {
      throw new MalformedModelException("the categorical splits' arrays are not of one length");
    }
    var byNode = new BitSet[left.length];
    for (int i = 0; i < nodes.length; i++) {
      boolean inside = begins[i] >= 0 && sizes[i] >= 0 && begins[i] <= all.length - sizes[i];
      if (nodes[i] < 0 || nodes[i] >= byNode.length || !inside) {
        throw new MalformedModelException("a split's categories are not in the file");
      }
      byNode[nodes[i]] = set(all, begins[i], sizes[i]);
    }
    return byNode;
  }

  private static BitSet set(int[] categories, int begin, int size) throws MalformedModelException {
    var set = new BitSet();
    for (int i = begin; i < begin + size; i++) {
      if (categories[i] < 0 || categories[i] >= CATEGORY_LIMIT) {
        throw new MalformedModelException("a category is not a code");
      }
      set.set(categories[i]);
    }
    return set;
  }
}
