/**
 * MLflow's scoring protocol (mlflow.org, "Inference Server Specification"): {@code /invocations} with its four JSON forms and CSV, and
 * its errors {@code {"error_code", "message"}}.
 */
package dev.slipway.serving.wire.mlflow;
