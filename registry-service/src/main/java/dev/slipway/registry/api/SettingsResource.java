package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.release.Settings;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** How a model is served. */
@Path("/api/v1/models/{model}/settings")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SettingsResource {
  private final Settings settings;
  private final Callers callers;

  SettingsResource(Settings settings, Callers callers) {
    this.settings = settings;
    this.callers = callers;
  }

  record Body(long number, @JsonUnwrapped ServingSettings settings) {}

  @GET
  @APIResponseSchema(value = Body.class, responseCode = "200")
  public Response get(@PathParam("model") String model) {
    return tagged(settings.get(model));
  }

  @PUT
  @APIResponseSchema(value = Body.class, responseCode = "200")
  public Response put(
      @PathParam("model") String model,
      ServingSettings wanted,
      @HeaderParam("If-Match") String expected) {
    return tagged(settings.put(callers.current(), model, wanted, Web.revision(expected)));
  }

  private static Response tagged(Settings.Numbered numbered) {
    return Response.ok(new Body(numbered.number(), numbered.settings()))
        .header("ETag", Web.etag(numbered.number()))
        .build();
  }
}
