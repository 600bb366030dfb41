package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Refuses what no resource answers, in the form of the protocol that the path belongs to; in the gateway's own where it belongs to
 * none.
 */
@Singleton
class NoSuchPath {
  private final Dialects dialects;

  NoSuchPath(Dialects dialects) {
    this.dialects = dialects;
  }

  @ServerExceptionMapper
  Response unknown(NotFoundException e, HttpServerRequest request) {
    return refuse(
            request, Kind.NOT_FOUND, "nothing answers " + request.method() + " " + request.path())
        .build();
  }

  @ServerExceptionMapper
  Response notAllowed(NotAllowedException e, HttpServerRequest request) {
    return refuse(
            request, Kind.NOT_ALLOWED, request.path() + " does not answer " + request.method())
        .build();
  }

  private Response.ResponseBuilder refuse(HttpServerRequest request, Kind kind, String message) {
    HttpHead head = HttpHead.of(request);
    Payload payload =
        dialects.of(request.path()).error(new InferenceException(kind, message), head);
    return Response.status(kind.httpStatus())
        .type(payload.contentType())
        .header(HttpHead.REQUEST_ID, head.requestId())
        .entity(payload.body());
  }
}
