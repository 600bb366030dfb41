package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Releases;
import dev.slipway.registry.release.Rollouts;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** One release by its number, and what people do with one in steps. */
@Path("/api/v1/releases")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReleaseResource {
  private final Releases releases;
  private final Rollouts rollouts;
  private final Callers callers;
  private final Posts posts;

  ReleaseResource(Releases releases, Rollouts rollouts, Callers callers, Posts posts) {
    this.releases = releases;
    this.rollouts = rollouts;
    this.callers = callers;
    this.posts = posts;
  }

  record Undoing(String reason) {}

  @GET
  @Path("/{id}")
  public Release get(@PathParam("id") long id) {
    return releases.get(id);
  }

  @POST
  @Path("/{id}/advance")
  @Operation(summary = "Go to the next step of a release; after the last, to all of the traffic")
  @APIResponseSchema(value = Release.class, responseCode = "200")
  public Response advance(@PathParam("id") long id) {
    return posts.run(null, () -> Outcome.ok(rollouts.advance(callers.current(), id, null)));
  }

  @POST
  @Path("/{id}/undo")
  @Operation(
      summary =
          "Give all traffic back to the live version; answers when the replicas have confirmed, or after 2 s")
  @APIResponseSchema(value = Release.class, responseCode = "200")
  public Response undo(@PathParam("id") long id, Undoing body) {
    long since = System.nanoTime();
    if (body == null || body.reason() == null || body.reason().isBlank()) {
      throw new Invalid("an undo says why: reason");
    }
    var done = new AtomicReference<Release>();
    Response kept = posts.run(body, () -> {
      done.set(rollouts.undo(callers.current(), id, body.reason()));
      return Outcome.ok(done.get());
    });
    return done.get() == null
        ? kept
        : Response.ok(releases.confirm(done.get(), since)).build();
  }
}
