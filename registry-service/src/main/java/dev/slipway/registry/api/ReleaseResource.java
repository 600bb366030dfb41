package dev.slipway.registry.api;

import dev.slipway.registry.release.Release;
import dev.slipway.registry.release.Releases;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** One release by its number. */
@Path("/api/v1/releases")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ReleaseResource {
  private final Releases releases;

  ReleaseResource(Releases releases) {
    this.releases = releases;
  }

  @GET
  @Path("/{id}")
  public Release get(@PathParam("id") long id) {
    return releases.get(id);
  }
}
