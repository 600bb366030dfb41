/**
 * ONNX Runtime behind the engine port: {@code .onnx} and {@code .ort} files, loaded by path so that external data works.
 */
package dev.slipway.serving.engine.onnx;
