package dev.slipway.serving.wire.friendly;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.http.Selectors;
import dev.slipway.serving.wire.http.TraceHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/**
 * {@code GET /models/{model}[/versions/{version}]/openapi.json}: what a model takes and gives, as an OpenAPI 3.1 document with an
 * example that works. Without a version it describes the live one, under the path that follows it.
 */
@Path("/models/{model}")
public class OpenApiResource {
  private final Servables servables;
  private final FriendlyDialect dialect;
  private final TraceHeaders trace;

  OpenApiResource(Servables servables, FriendlyDialect dialect, TraceHeaders trace) {
    this.servables = servables;
    this.dialect = dialect;
    this.trace = trace;
  }

  @GET
  @Path("/openapi.json")
  public Response document(@PathParam("model") String model, @Context HttpServerRequest request) {
    return answer(model, request, () -> Selectors.query(request));
  }

  @GET
  @Path("/versions/{version}/openapi.json")
  public Response document(
      @PathParam("model") String model,
      @PathParam("version") String version,
      @Context HttpServerRequest request) {
    return answer(model, request, () -> Selectors.segment(version));
  }

  private Response answer(String model, HttpServerRequest request, Selectors.Source source) {
    HttpHead head = HttpHead.of(request);
    try {
      VersionSelector selector = source.select();
      try (ServableHandle handle = servables.acquire(model, selector)) {
        boolean live = selector instanceof VersionSelector.Live;
        Response.ResponseBuilder response =
            Response.ok(OpenApiDocument.of(handle, live)).type(Payload.JSON);
        trace.put((name, value) -> response.header(name.toString(), value), head, handle);
        return response.build();
      }
    } catch (NotServedException e) {
      return error(InferenceException.of(e), head);
    } catch (InferenceException e) {
      return error(e, head);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document in memory could not be written", e);
    }
  }

  private Response error(InferenceException e, HttpHead head) {
    Payload payload = dialect.error(e, head);
    return Response.status(e.kind().httpStatus())
        .type(payload.contentType())
        .entity(payload.body())
        .build();
  }
}
