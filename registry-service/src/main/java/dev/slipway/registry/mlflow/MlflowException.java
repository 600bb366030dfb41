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

  static MlflowException notOffered(String what) {
    return new MlflowException(
        ErrorCode.NOT_IMPLEMENTED, "This registry does not offer MLflow's '" + what + "'.");
  }

  ErrorCode code() {
    return code;
  }
}
