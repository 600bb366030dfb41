package dev.slipway.registry.mlflow;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Refuses every call below a path, by whatever method: 501 is an answer that clients do not retry. */
abstract class NotOffered {
  @GET
  @Path("{rest: .*}")
  @Operation(hidden = true)
  public void get(@PathParam("area") String area) {
    refuse(area);
  }

  @POST
  @Path("{rest: .*}")
  @Operation(hidden = true)
  public void post(@PathParam("area") String area) {
    refuse(area);
  }

  @PUT
  @Path("{rest: .*}")
  @Operation(hidden = true)
  public void put(@PathParam("area") String area) {
    refuse(area);
  }

  @PATCH
  @Path("{rest: .*}")
  @Operation(hidden = true)
  public void patch(@PathParam("area") String area) {
    refuse(area);
  }

  @DELETE
  @Path("{rest: .*}")
  @Operation(hidden = true)
  public void delete(@PathParam("area") String area) {
    refuse(area);
  }

  private static void refuse(String area) {
    throw MlflowException.notOffered(area.substring(area.lastIndexOf('/') + 1));
  }
}
