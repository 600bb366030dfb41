package dev.slipway.registry.api;

import dev.slipway.registry.lineage.Lineage;
import dev.slipway.registry.lineage.Registrations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Where a version comes from. */
@Path("/api/v1/models/{model}/versions/{version}/lineage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class LineageResource {
  private static final Lineage UNKNOWN = new Lineage(null, null, null, null, null, null);

  private final Registrations registrations;

  LineageResource(Registrations registrations) {
    this.registrations = registrations;
  }

  @GET
  @Operation(
      summary =
          "Run, experiment, code, data and MLmodel of a version, as they stood when it was registered")
  public Lineage get(@PathParam("model") String model, @PathParam("version") int version) {
    return registrations.lineage(model, version).orElse(UNKNOWN);
  }
}
