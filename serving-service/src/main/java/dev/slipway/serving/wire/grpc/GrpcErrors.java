package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The status of an error. */
final class GrpcErrors {
  private GrpcErrors() {}

  static StatusRuntimeException of(InferenceException error) {
    return status(error.kind()).withDescription(error.getMessage()).asRuntimeException();
  }

  private static Status status(InferenceException.Kind kind) {
    return switch (kind) {
      case BAD_INPUT, BAD_PARAMETER, UNSUPPORTED, NOT_ALLOWED, NOT_ACCEPTABLE ->
        Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case TOO_LARGE, BUSY -> Status.RESOURCE_EXHAUSTED;
      case FAILED -> Status.INTERNAL;
      case NOT_OFFERED -> Status.UNIMPLEMENTED;
      case NOT_READY -> Status.UNAVAILABLE;
      case DEADLINE, TOO_SLOW -> Status.DEADLINE_EXCEEDED;
    };
  }
}
