package dev.slipway.serving.engine.booster;

import dev.slipway.serving.engine.MlmodelFile;
import dev.slipway.serving.engine.ModelLoadException;
import java.util.Optional;
import java.util.Set;

/**
 * The Python class that MLflow's flavor logged a model as ({@code model_class} of mlflow.xgboost): its {@code predict} is what MLflow's
 * scoring server answers.
 */
enum XgboostClass {
  /** Nobody says; it may be used by either of XGBoost's APIs. */
  UNSAID,
  /** {@code xgboost.Booster}: the scores of all rounds. */
  BOOSTER,
  /** Regressors and rankers: the scores of the rounds up to the best one. */
  ESTIMATOR,
  /** Classifiers: labels, made of the same scores. */
  CLASSIFIER;

  private static final String FLAVOR = "xgboost";
  /** What the flavor takes for granted where an old release of MLflow wrote none. */
  private static final String DEFAULT = "xgboost.core.Booster";

  private static final Set<String> ESTIMATORS = Set.of(
      "xgboost.sklearn.XGBModel",
      "xgboost.sklearn.XGBRegressor",
      "xgboost.sklearn.XGBRFRegressor",
      "xgboost.sklearn.XGBRanker");
  private static final Set<String> CLASSIFIERS =
      Set.of("xgboost.sklearn.XGBClassifier", "xgboost.sklearn.XGBRFClassifier");

  /** @throws ModelLoadException when it is a class whose answers nobody here knows */
  static XgboostClass of(MlmodelFile logged) throws ModelLoadException {
    Optional<String> name = name(logged);
    if (name.isEmpty()) {
      return UNSAID;
    }
    if (name.get().equals(DEFAULT)) {
      return BOOSTER;
    }
    if (ESTIMATORS.contains(name.get())) {
      return ESTIMATOR;
    }
    if (CLASSIFIERS.contains(name.get())) {
      return CLASSIFIER;
    }
    throw new ModelLoadException("MLmodel says that it is a '" + name.get()
        + "', and what the predict of that class answers is not known here; log the booster"
        + " itself (model.get_booster())");
  }

  /** The class's name, for people; empty when nobody says. */
  static Optional<String> name(MlmodelFile logged) {
    return logged.flavor(FLAVOR, "data").isEmpty()
        ? Optional.empty()
        : Optional.of(logged.flavor(FLAVOR, "model_class").orElse(DEFAULT));
  }
}
