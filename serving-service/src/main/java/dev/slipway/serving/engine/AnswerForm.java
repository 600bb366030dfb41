package dev.slipway.serving.engine;

/** In what form a model's framework answers, for the protocols that answer as it does (MLflow's flavors, {@code mlflow.*}, "pyfunc"). */
public enum AnswerForm {
  /** Tensors by name; rows in a frame have a column for each. */
  NAMED,
  /** One array that has no name, the first output, as the boosters' {@code predict} gives it. */
  ARRAY,
  /** As {@link #ARRAY}, but rows of a frame come back as rows whose columns are numbered from 0. */
  NUMBERED
}
