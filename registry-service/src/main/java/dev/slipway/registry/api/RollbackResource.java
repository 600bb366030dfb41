package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Rollbacks;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** The way back, in one call. */
@Path("/api/v1/models/{model}/rollback")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RollbackResource {
  private final Rollbacks rollbacks;
  private final Releases releases;
  private final Callers callers;
  private final Posts posts;

  RollbackResource(Rollbacks rollbacks, Releases releases, Callers callers, Posts posts) {
    this.rollbacks = rollbacks;
    this.releases = releases;
    this.callers = callers;
    this.posts = posts;
  }

  /**
   * @param to the version to put back; absent for the previous one
   * @param from the version that should go, when the caller wants to be sure of it
   */
  record Rollback(Integer to, Integer from, String reason) {}

  @POST
  @Operation(
      summary =
          "Put the previous live version back; answers when the replicas have confirmed, or after 2 s")
  @APIResponseSchema(value = Release.class, responseCode = "200")
  @APIResponse(
      responseCode = "202",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Request.class)))
  public Response rollBack(@PathParam("model") String model, Rollback body) {
    long since = System.nanoTime();
    Rollback wanted = body == null ? new Rollback(null, null, null) : body;
    var done = new AtomicReference<Release>();
    Response kept = posts.run(wanted, () -> switch (rollbacks.rollBack(
        callers.current(), model, wanted.to(), wanted.from(), wanted.reason())) {
      case Rollbacks.Answer.Released(Release release) -> {
        done.set(release);
        yield Outcome.ok(release);
      }
      case Rollbacks.Answer.Requested(Request request) ->
        new Outcome(202, request, "/api/v1/requests/" + request.id());
    });
    return done.get() == null
        ? kept
        : Response.ok(releases.confirm(done.get(), since)).build();
  }
}
