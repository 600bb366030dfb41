package dev.slipway.serving.wire.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
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
    Context context = Context.current().withValue(CallHeaders.METADATA, headers);
    return Contexts.interceptCall(
        context,
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata answer) {
            answer.put(REQUEST_ID, id);
            super.sendHeaders(answer);
          }
        },
        headers,
        next);
  }
}
