package dev.slipway.serving.fleet;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What this replica holds: loaded, warm, loading, failed and why. */
@Path("/fleet")
@Produces(MediaType.APPLICATION_JSON)
class FleetResource {
  private final FleetRuntime runtime;

  FleetResource(FleetRuntime runtime) {
    this.runtime = runtime;
  }

  @GET
  public FleetView fleet() {
    return runtime.view();
  }
}
