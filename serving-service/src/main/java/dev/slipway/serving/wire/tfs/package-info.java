/**
 * TensorFlow Serving's REST API (tensorflow.org/tfx/serving/api_rest): predict in its row and column forms, status and metadata. Classify
 * and regress need tf.Example and are not offered.
 */
package dev.slipway.serving.wire.tfs;
