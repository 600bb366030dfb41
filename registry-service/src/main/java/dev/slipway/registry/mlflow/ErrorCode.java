package dev.slipway.registry.mlflow;

/** MLflow's error codes with their HTTP status ({@code mlflow.exceptions}), SQLSTATE and class ({@code mlflow.error_classification}). */
enum ErrorCode {
  BAD_REQUEST(400, "KAM00", "INVALID_PARAMETER_VALUE"),
  INVALID_PARAMETER_VALUE(400, "KAM00", "INVALID_PARAMETER_VALUE"),
  RESOURCE_ALREADY_EXISTS(400, "KAM00", "RESOURCE_ALREADY_EXISTS"),
  UNAUTHENTICATED(401, null, null),
  PERMISSION_DENIED(403, "KAM00", "PERMISSION_DENIED"),
  RESOURCE_DOES_NOT_EXIST(404, "KAM00", "RESOURCE_NOT_FOUND"),
  ENDPOINT_NOT_FOUND(404, "KAM00", "RESOURCE_NOT_FOUND"),
  RESOURCE_CONFLICT(409, null, null),
  INTERNAL_ERROR(500, "XXM00", "CLIENT_INTERNAL_ERROR"),
  NOT_IMPLEMENTED(501, null, null),
  TEMPORARILY_UNAVAILABLE(503, "XXM00", "CLIENT_INTERNAL_ERROR");

  private final int status;
  private final String sqlState;
  private final String errorClass;

  ErrorCode(int status, String sqlState, String errorClass) {
    this.status = status;
    this.sqlState = sqlState;
    this.errorClass = errorClass;
  }

  int status() {
    return status;
  }

  /** Null where MLflow sends none. */
  String sqlState() {
    return sqlState;
  }

  /** Null where MLflow sends none. */
  String errorClass() {
    return errorClass;
  }
}
