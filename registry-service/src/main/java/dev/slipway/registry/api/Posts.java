package dev.slipway.registry.api;

import dev.slipway.registry.idempotency.Idempotency;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.function.Supplier;

/** Runs a state-changing POST under its Idempotency-Key, and makes the response. */
@RequestScoped
public class Posts {
  private final Idempotency idempotency;
  private final UriInfo uri;
  private final HttpHeaders headers;

  Posts(Idempotency idempotency, UriInfo uri, HttpHeaders headers) {
    this.idempotency = idempotency;
    this.uri = uri;
    this.headers = headers;
  }

  /** The work's transaction is the call's: what it did is committed when this returns. */
  public Response run(Object body, Supplier<Idempotency.Outcome> work) {
    return response(idempotency.run(
        headers.getHeaderString("Idempotency-Key"), "POST " + uri.getPath(), body, work));
  }

  private Response response(Idempotency.Answer answer) {
    Response.ResponseBuilder response = Response.status(answer.status());
    if (answer.body() != null) {
      response.type(MediaType.APPLICATION_JSON_TYPE).entity(answer.body());
    }
    if (answer.location() != null) {
      response.location(URI.create(uri.getBaseUri().resolve(answer.location()).toString()));
    }
    if (answer.replayed()) {
      response.header("Idempotency-Replayed", "true");
    }
    return response.build();
  }
}
