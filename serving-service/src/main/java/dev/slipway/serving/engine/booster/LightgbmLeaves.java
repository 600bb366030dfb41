package dev.slipway.serving.engine.booster;

import java.util.Arrays;

/** The leaves of a LightGBM tree: constants, or (linear trees) linear functions of the row that fall back to them. */
final class LightgbmLeaves {
  private final double[] values;
  private final double[] constants;
  private final int[][] features;
  private final double[][] coefficients;

  LightgbmLeaves(LightgbmFields tree, int count, int modelFeatures) throws MalformedModelException {
    values = tree.doubles("leaf_value", count);
    if (tree.text("is_linear", "0").strip().equals("0")) {
      constants = null;
      features = null;
      coefficients = null;
      return;
    }
    constants = tree.doubles("leaf_const", count);
    features = new int[count][];
    coefficients = new double[count][];
    int[] sizes = tree.ints("num_features", count);
    int total = total(sizes);
    int[] allFeatures = tree.ints("leaf_features", total);
    double[] allCoefficients = tree.doubles("leaf_coeff", total);
    int begin = 0;
    for (int leaf = 0; leaf < count; leaf++) {
      features[leaf] = Arrays.copyOfRange(allFeatures, begin, begin + sizes[leaf]);
      coefficients[leaf] = Arrays.copyOfRange(allCoefficients, begin, begin + sizes[leaf]);
      begin += sizes[leaf];
    }
    if (Arrays.stream(allFeatures).anyMatch(feature -> feature < 0 || feature >= modelFeatures)) {
      throw new MalformedModelException("a leaf uses a feature that the model has not");
    }
  }

  double value(int leaf, double[] row) {
    if (constants == null) {
      return values[leaf];
    }
    double sum = constants[leaf];
    for (int i = 0; i < features[leaf].length; i++) {
      double input = row[features[leaf][i]];
      if (Double.isNaN(input)) {
        return values[leaf];
      }
      sum += coefficients[leaf][i] * input;
    }
    return sum;
  }

  private static int total(int[] sizes) throws MalformedModelException {
    long total = 0;
    for (int size : sizes) {
      if (size < 0) {
        throw new MalformedModelException("a leaf has fewer than no features");
      }
      total += size;
    }
    return Math.toIntExact(Math.min(total, Integer.MAX_VALUE));
  }
}
