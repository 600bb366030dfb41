package dev.slipway.serving.engine.booster;

import dev.slipway.serving.engine.ModelLoadException;
import java.util.Locale;

/**
 * LightGBM's objectives: how raw scores become predictions ({@code ConvertOutput} of its src/objective).
 *
 * @param sigmoid the slope of binary and multiclassova
 */
record LightgbmObjective(String name, Transform transform, double sigmoid) {

  enum Transform {
    IDENTITY,
    SIGNED_SQUARE,
    EXP,
    SIGMOID,
    SOFTMAX,
    LOG1P_EXP
  }

  /**
   * Reads the file's line, such as {@code multiclassova num_class:3 sigmoid:1}; empty where the objective was a function of
   * one's own, whose predictions are the raw scores.
   *
   * @throws ModelLoadException when the objective is not known
   */
  static LightgbmObjective parse(String line) throws ModelLoadException, MalformedModelException {
    String[] words = line.strip().split(" +");
    Transform transform = switch (words[0]) {
      case "regression", "regression_l1", "quantile", "fair", "mape" ->
        line.contains(" sqrt") ? Transform.SIGNED_SQUARE : Transform.IDENTITY;
      case "", "custom", "huber", "lambdarank", "rank_xendcg" -> Transform.IDENTITY;
      case "poisson", "gamma", "tweedie" -> Transform.EXP;
      case "binary", "multiclassova", "cross_entropy" -> Transform.SIGMOID;
      case "multiclass" -> Transform.SOFTMAX;
      case "cross_entropy_lambda" -> Transform.LOG1P_EXP;
      default ->
        throw new ModelLoadException(
            "the objective '" + words[0]
                + "' is not known here, so its predictions cannot be surely right; export the model to ONNX");
    };
    return new LightgbmObjective(words[0], transform, sigmoid(words));
  }

  boolean isByClass() {
    return name.startsWith("multiclass");
  }

  /** Turns a row of raw scores into predictions, in place. */
  void transform(double[] scores) {
    if (transform == Transform.SOFTMAX) {
      softmax(scores);
      return;
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = convert(scores[i]);
    }
  }

  private double convert(double score) {
    return switch (transform) {
      case IDENTITY, SOFTMAX -> score;
      case SIGNED_SQUARE -> Math.signum(score) * score * score;
      case EXP -> Math.exp(score);
      case SIGMOID -> 1 / (1 + Math.exp(-sigmoid * score));
      case LOG1P_EXP -> Math.log1p(Math.exp(score));
    };
  }

  private static void softmax(double[] scores) {
    double max = scores[0];
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  private static double sigmoid(String[] words) throws MalformedModelException {
    for (String word : words) {
      if (word.toLowerCase(Locale.ROOT).startsWith("sigmoid:")) {
        try {
          double sigmoid = Double.parseDouble(word.substring("sigmoid:".length()));
          if (sigmoid > 0 && Double.isFinite(sigmoid)) {
            return sigmoid;
          }
        } catch (NumberFormatException e) {
          throw new MalformedModelException("the objective's sigmoid is no number", e);
        }
        throw new MalformedModelException("the objective's sigmoid is not above zero");
      }
    }
    return 1;
  }
}
