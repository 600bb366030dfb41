package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.Protocol;
import io.quarkus.arc.All;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Refuses what no resource answers, in the form of the protocol that the path belongs to; in the gateway's own where it belongs to
 * none.
 */
@Singleton
class NoSuchPath {
  private final List<HttpDialect> dialects;
  private final HttpDialect own;

  NoSuchPath(@All List<HttpDialect> dialects) {
    this.dialects = dialects;
    this.own = dialects.stream()
        .filter(dialect -> dialect.protocol() == Protocol.FRIENDLY)
        .findFirst()
        .orElseThrow();
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
    String path = request.path();
    Payload payload = dialects.stream()
        .filter(dialect -> dialect.covers(path))
        .findFirst()
        .orElse(own)
        .error(new InferenceException(kind, message), head);
    return Response.status(kind.httpStatus())
        .type(payload.contentType())
        .header(HttpHead.REQUEST_ID, head.requestId())
        .entity(payload.body());
  }
}
