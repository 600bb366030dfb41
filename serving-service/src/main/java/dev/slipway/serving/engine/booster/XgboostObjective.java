package dev.slipway.serving.engine.booster;

import java.util.Arrays;
import java.util.Optional;

/**
 * XGBoost's objectives: how the base score becomes a margin, and how margins become predictions ({@code ProbToMargin} and
 * {@code PredTransform} of its src/objective).
 */
enum XgboostObjective {
  SQUARED_ERROR("reg:squarederror", Link.IDENTITY, Transform.IDENTITY),
  SQUARED_LOG_ERROR("reg:squaredlogerror", Link.IDENTITY, Transform.IDENTITY),
  PSEUDO_HUBER("reg:pseudohubererror", Link.IDENTITY, Transform.IDENTITY),
  ABSOLUTE_ERROR("reg:absoluteerror", Link.IDENTITY, Transform.IDENTITY),
  QUANTILE_ERROR("reg:quantileerror", Link.IDENTITY, Transform.IDENTITY),
  LOGISTIC_REGRESSION("reg:logistic", Link.LOGIT, Transform.SIGMOID),
  LOGISTIC("binary:logistic", Link.LOGIT, Transform.SIGMOID),
  LOGIT_RAW("binary:logitraw", Link.IDENTITY, Transform.IDENTITY),
  HINGE("binary:hinge", Link.IDENTITY, Transform.STEP),
  POISSON("count:poisson", Link.LOG, Transform.EXP),
  GAMMA("reg:gamma", Link.LOG, Transform.EXP),
  TWEEDIE("reg:tweedie", Link.LOG, Transform.EXP),
  COX("survival:cox", Link.LOG, Transform.EXP),
  AFT("survival:aft", Link.LOG, Transform.EXP),
  NDCG("rank:ndcg", Link.IDENTITY, Transform.IDENTITY),
  PAIRWISE("rank:pairwise", Link.IDENTITY, Transform.IDENTITY),
  MAP("rank:map", Link.IDENTITY, Transform.IDENTITY),
  SOFTPROB("multi:softprob", Link.IDENTITY, Transform.SOFTMAX),
  SOFTMAX("multi:softmax", Link.IDENTITY, Transform.BEST_CLASS);

  private static final float EPSILON = 1e-6f;

  private enum Link {
    IDENTITY,
    LOG,
    LOGIT
  }

  private enum Transform {
    IDENTITY,
    SIGMOID,
    EXP,
    STEP,
    SOFTMAX,
    BEST_CLASS
  }

  private final String label;
  private final Link link;
  private final Transform transform;

  XgboostObjective(String label, Link link, Transform transform) {
    this.label = label;
    this.link = link;
    this.transform = transform;
  }

  static Optional<XgboostObjective> find(String label) {
    return Arrays.stream(values())
        .filter(objective -> objective.label.equals(label))
        .findFirst();
  }

  boolean isMulticlass() {
    return transform == Transform.SOFTMAX || transform == Transform.BEST_CLASS;
  }

  boolean givesProbabilitiesByClass() {
    return transform == Transform.SOFTMAX;
  }

  /** Whether a row of margins becomes the one number of the best class. */
  boolean givesBestClass() {
    return transform == Transform.BEST_CLASS;
  }

  /** The margin that every row begins with. */
  float margin(float baseScore) {
    return switch (link) {
      case IDENTITY -> baseScore;
      case LOG -> (float) Math.log(baseScore);
      case LOGIT -> {
        float bounded = Math.clamp(baseScore, EPSILON, 1 - EPSILON);
        yield (float) -Math.log(1 / bounded - 1);
      }
    };
  }

  /** Turns a row of margins into predictions, in place; the best class goes to the first place. */
  void transform(double[] margins) {
    switch (transform) {
      case IDENTITY -> {}
      case SIGMOID -> eachBy(margins, XgboostObjective::sigmoid);
      case EXP -> eachBy(margins, margin -> (float) Math.exp(margin));
      case STEP -> eachBy(margins, margin -> margin > 0 ? 1 : 0);
      case SOFTMAX -> softmax(margins);
      case BEST_CLASS -> margins[0] = best(margins);
    }
  }

  private static float sigmoid(float margin) {
    return 1 / ((float) Math.exp(Math.min(-margin, 88.7f)) + 1 + 1e-16f);
  }

  private static void softmax(double[] margins) {
    float max = (float) Arrays.stream(margins).max().orElseThrow();
    double sum = 0;
    for (int i = 0; i < margins.length; i++) {
      margins[i] = (float) Math.exp((float) margins[i] - max);
      sum += margins[i];
    }
    for (int i = 0; i < margins.length; i++) {
      margins[i] = (float) margins[i] / (float) sum;
    }
  }

  /** The first of the greatest. */
  static int best(double[] margins) {
    int best = 0;
    for (int i = 1; i < margins.length; i++) {
      best = margins[i] > margins[best] ? i : best;
    }
    return best;
  }

  private static void eachBy(double[] margins, FloatFunction function) {
    for (int i = 0; i < margins.length; i++) {
      margins[i] = function.apply((float) margins[i]);
    }
  }

  @FunctionalInterface
  private interface FloatFunction {
    float apply(float margin);
  }
}
