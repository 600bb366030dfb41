package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.wire.grpc.proto.ModelInferRequest;

/** What tells one gRPC request from another: its call's metadata and its message. */
record CallTraits(CallHeaders headers, ModelInferRequest message)
    implements VersionSelector.Traits {
  @Override
  public String header(String name) {
    return headers.get(name);
  }

  @Override
  public Integer contentHash() {
    return message.toByteString().hashCode();
  }
}
