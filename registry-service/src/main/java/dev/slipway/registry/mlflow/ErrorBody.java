package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.annotation.JsonProperty;

/** MLflow's error form. The last two are left out where MLflow leaves them out. */
record ErrorBody(
    @JsonProperty("error_code") String errorCode,
    String message,
    @JsonProperty("sqlstate") String sqlState,
    @JsonProperty("error_class") String errorClass) {
  static ErrorBody of(MlflowException error) {
    ErrorCode code = error.code();
    return new ErrorBody(code.name(), error.getMessage(), code.sqlState(), code.errorClass());
  }
}
