package dev.slipway.serving.wire.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Gives every call's {@code x-request-id} back in the answer's metadata, and one to a call that has none; keeps the metadata for whoever answers the call. */
@ApplicationScoped
@GlobalInterceptor
public class TraceInterceptor implements ServerInterceptor {
  static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String given = headers.get(REQUEST_ID);
    String id = given != null && !given.isBlank() && given.length() <= 128
        ? given
        : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Context context =
        Context.current().withValues(CallHeaders.METADATA, headers, CallHeaders.REQUEST_ID, id);
    return Contexts.interceptCall(
        context,
        new SimpleForwardingServerCall<>(call) {
          private boolean told;

          @Override
          public void sendHeaders(Metadata answer) {
            answer.put(REQUEST_ID, id);
            told = true;
            super.sendHeaders(answer);
          }

          // An error before any answer has no headers: what it says stands in the trailers.
          @Override
          public void close(Status status, Metadata trailers) {
            if (!told) {
              trailers.put(REQUEST_ID, id);
            }
            super.close(status, trailers);
          }
        },
        headers,
        next);
  }
}
