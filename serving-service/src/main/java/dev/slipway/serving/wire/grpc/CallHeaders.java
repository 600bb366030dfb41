package dev.slipway.serving.wire.grpc;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.Callers;
import dev.slipway.serving.wire.http.HttpHead;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.util.concurrent.TimeUnit;

/**
 * The metadata of a call, which says over gRPC what headers say over HTTP, under the same names: who calls, how long they wait,
 * what keeps them on one side of a split. A stream's holds for each of its requests.
 *
 * @param deadline the call's own; null for none
 * @param requestId the call's; null where nobody gave it one
 */
record CallHeaders(Metadata metadata, Deadline deadline, String requestId) {
  /** Set by {@link TraceInterceptor}. */
  static final Context.Key<Metadata> METADATA = Context.key("slipway-metadata");

  /** Set by {@link TraceInterceptor}. */
  static final Context.Key<String> REQUEST_ID = Context.key("slipway-request-id");

  private static final Metadata NOTHING = new Metadata();

  /** Those of the call that this thread begins to answer. */
  static CallHeaders current() {
    Metadata given = METADATA.get();
    return new CallHeaders(
        given == null ? NOTHING : given, Context.current().getDeadline(), REQUEST_ID.get());
  }

  /** The first value under the name, in any case; null for none, and for a name that metadata cannot have. */
  String get(String name) {
    try {
      Iterable<String> values =
          metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      return values == null ? null : values.iterator().next();
    } catch (IllegalArgumentException noKey) {
      return null;
    }
  }

  /** As over HTTP. */
  String caller() {
    return Callers.name(get(Callers.HEADER), get(Callers.AUTHORIZATION));
  }

  /** The sooner of the call's own deadline and {@code x-slipway-timeout-ms}, in microseconds from now; 0 for neither. */
  long timeoutMicros() throws InferenceException {
    long own = deadline == null ? 0 : Math.max(1, deadline.timeRemaining(TimeUnit.MICROSECONDS));
    long asked = HttpHead.timeoutMicros(get(HttpHead.TIMEOUT));
    return own == 0 || asked == 0 ? own + asked : Math.min(own, asked);
  }
}
