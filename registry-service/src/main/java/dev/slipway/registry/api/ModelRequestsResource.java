package dev.slipway.registry.api;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.release.VersionCallers;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Asking for a move of a version, and what was asked for. */
@Path("/api/v1/models/{model}/requests")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ModelRequestsResource {
  private final Reviews reviews;
  private final Callers callers;
  private final Posts posts;
  private final VersionCallers usage;

  ModelRequestsResource(Reviews reviews, Callers callers, Posts posts, VersionCallers usage) {
    this.usage = usage;
    this.reviews = reviews;
    this.callers = callers;
    this.posts = posts;
  }

  @POST
  @Operation(summary = "Ask for a move; it is made at once where it needs no approval")
  @APIResponseSchema(value = Request.class, responseCode = "201")
  public Response open(@PathParam("model") String model, RequestJson.New body) {
    if (body == null || body.version() == null || body.to() == null) {
      throw new Invalid("a request names a version and the stage that it should move to");
    }
    boolean archive = Boolean.TRUE.equals(body.archiveExisting());
    return posts.run(body, () -> {
      Request request = reviews.open(
          callers.current(), model, body.version(), body.to(), body.comment(), archive);
      List<String> warnings =
          body.to() == Stage.ARCHIVED ? usage.warnings(model, body.version()) : List.of();
      Object answer = CallersResource.Warned.of(request, warnings);
      return Outcome.created(answer, "/api/v1/requests/" + request.id());
    });
  }

  @GET
  public RequestJson.ListJson list(
      @PathParam("model") String model,
      @QueryParam("version") Integer version,
      @QueryParam("state") String state,
      @QueryParam("page_size") Integer size,
      @QueryParam("page_token") String token) {
    int limit = Web.pageSize(size);
    List<Request> found =
        reviews.list(model, version, RequestJson.state(state), Paging.before(token), limit + 1);
    return new RequestJson.ListJson(
        Paging.cut(found, limit), Paging.next(found, limit, Request::id));
  }
}
