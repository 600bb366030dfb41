package dev.slipway.serving.wire.table;

/** What a table may have beside its inputs' values. */
public enum TableRules {
  /** Nothing: what does not fit is an error. */
  EXACT,
  /**
   * As MLflow enforces a signature (mlflow.models.utils): inputs that the model does not have are ignored, and a cell that is a flat
   * list takes the input's shape ({@code _reshape_and_cast_pandas_column_values}).
   */
  MLFLOW
}
