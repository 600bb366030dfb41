/**
 * The Open Inference Protocol v2 over HTTP (kserve/open-inference-protocol, inference_rest.yaml), with Triton's binary tensor
 * and repository extensions.
 */
package dev.slipway.serving.wire.oip;
