/**
 * The protocols. Each package below only translates: bytes to {@link dev.slipway.serving.predict.InferenceRequest} and back. What is
 * true of every protocol is ruled in {@code .predict}.
 */
package dev.slipway.serving.wire;
