package dev.slipway.serving.wire.oip;

import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.wire.http.Payload;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Triton's model repository extension: what is loaded can be read here, and is decided by the registry. */
@Path("/v2/repository")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class OipRepositoryResource {
  private final Servables servables;

  OipRepositoryResource(Servables servables) {
    this.servables = servables;
  }

  @POST
  @Path("/index")
  public Response index() {
    byte[] body = Payload.array(out -> {
      for (String model : servables.models()) {
        for (int version : servables.versions(model)) {
          out.writeStartObject();
          out.writeStringField("name", model);
          out.writeStringField("version", Integer.toString(version));
          out.writeStringField("state", "READY");
          out.writeStringField("reason", "");
          out.writeEndObject();
        }
      }
    });
    return Response.ok(body, Payload.JSON).build();
  }

  @POST
  @Path("/models/{model}/load")
  public Response load(@PathParam("model") String model) {
    return refuse("loaded", model);
  }

  @POST
  @Path("/models/{model}/unload")
  public Response unload(@PathParam("model") String model) {
    return refuse("unloaded", model);
  }

  private static Response refuse(String what, String model) {
    Payload payload = OipDialect.error("model '" + model + "' is not " + what
        + " from here: the registry decides what is served; promote, roll back or retire it there");
    return Response.status(409)
        .type(payload.contentType())
        .entity(payload.body())
        .build();
  }
}
