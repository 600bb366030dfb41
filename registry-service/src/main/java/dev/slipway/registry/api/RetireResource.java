package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.api.CallersResource.Warned;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.release.VersionCallers;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Taking the live version out of service. */
@Path("/api/v1/models/{model}/retire")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RetireResource {
  private final Reviews reviews;
  private final Releases releases;
  private final Callers callers;
  private final Posts posts;
  private final VersionCallers usage;

  RetireResource(
      Reviews reviews, Releases releases, Callers callers, Posts posts, VersionCallers usage) {
    this.usage = usage;
    this.reviews = reviews;
    this.releases = releases;
    this.callers = callers;
    this.posts = posts;
  }

  record Retirement(String reason) {}

  @POST
  @Operation(
      summary =
          "Take the live version out of Production; 202 with a request where that needs approval")
  @APIResponseSchema(value = Release.class, responseCode = "200")
  @APIResponse(
      responseCode = "202",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Request.class)))
  public Response retire(@PathParam("model") String model, Retirement body) {
    long since = System.nanoTime();
    Retirement wanted = body == null ? new Retirement(null) : body;
    var done = new AtomicReference<Release>();
    var warnings = new AtomicReference<List<String>>(List.of());
    Response kept = posts.run(wanted, () -> {
      Request request = reviews.retire(callers.current(), model, wanted.reason());
      warnings.set(usage.warnings(model, request.version()));
      if (request.releaseId() == null) {
        return new Outcome(
            202, Warned.of(request, warnings.get()), "/api/v1/requests/" + request.id());
      }
      done.set(releases.get(request.releaseId()));
      return Outcome.ok(Warned.of(done.get(), warnings.get()));
    });
    return done.get() == null
        ? kept
        : Response.ok(Warned.of(releases.confirm(done.get(), since), warnings.get()))
            .build();
  }
}
