package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;

/** What tells one gRPC request from another: its message. Metadata is not looked at. */
record MessageTraits(ModelInferRequest message) implements VersionSelector.Traits {
  @Override
  public String header(String name) {
    return null;
  }

  @Override
  public Integer contentHash() {
    return message.toByteString().hashCode();
  }
}
