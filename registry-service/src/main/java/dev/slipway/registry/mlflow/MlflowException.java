package dev.slipway.registry.mlflow;

/** An answer in MLflow's error form. */
final class MlflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  MlflowException(ErrorCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static MlflowException invalid(String message) {
    return new MlflowException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  ErrorCode code() {
    return code;
  }
}
