package dev.slipway.common.mlflow;

/** Which MLflow both services speak like. */
public final class MlflowVersion {
  /** What {@code GET /version} answers; clients choose their calls by it. */
  public static final String FOLLOWED = "3.17.2";

  private MlflowVersion() {}
}
