/**
 * The Open Inference Protocol v2 over gRPC. Calls are taken on the event loop and answered on virtual threads of our own:
 * Quarkus' {@code @RunOnVirtualThread} loses calls on gRPC methods.
 */
package dev.slipway.serving.wire.grpc;
