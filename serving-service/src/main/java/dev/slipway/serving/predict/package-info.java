/**
 * The one predict path: every protocol parses to an {@link dev.slipway.serving.predict.InferenceRequest} and writes an
 * {@link dev.slipway.serving.predict.InferenceResponse}; validation, limits, admission, deadlines and recording lie between.
 */
package dev.slipway.serving.predict;
