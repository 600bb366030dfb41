package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The status of an error. */
final class GrpcErrors {
  /** It goes as a header, of which clients take 8 KiB in all, and a character is up to nine bytes there. */
  private static final int MAX_DESCRIPTION = 700;

  private GrpcErrors() {}

  static StatusRuntimeException of(InferenceException error) {
    return status(error).asRuntimeException();
  }

  static Status status(InferenceException error) {
    return status(error.kind()).withDescription(Echo.of(error.getMessage(), MAX_DESCRIPTION));
  }

  private static Status status(InferenceException.Kind kind) {
    return switch (kind) {
      case BAD_INPUT, BAD_PARAMETER, UNSUPPORTED, NOT_ALLOWED, NOT_ACCEPTABLE ->
        Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case TOO_LARGE, BUSY, NO_MEMORY -> Status.RESOURCE_EXHAUSTED;
      case FAILED -> Status.INTERNAL;
      case NOT_OFFERED -> Status.UNIMPLEMENTED;
      case NOT_READY -> Status.UNAVAILABLE;
      case DEADLINE, TOO_SLOW -> Status.DEADLINE_EXCEEDED;
    };
  }
}
