/**
 * The MLflow dialect (REST API of MLflow 3.17): requests read, answers and errors written as MLflow does. It holds no rule that the
 * features do not hold.
 *
 * <p>Paths are declared once, under {@code /api}; {@link dev.slipway.registry.mlflow.AjaxPrefix} serves them under
 * {@code /ajax-api} too. A resource carries {@link dev.slipway.registry.mlflow.MlflowDialect}, which turns whatever it throws into
 * MLflow's error form, and reads its fields through {@link dev.slipway.registry.mlflow.MlflowRequest}.
 */
package dev.slipway.registry.mlflow;
