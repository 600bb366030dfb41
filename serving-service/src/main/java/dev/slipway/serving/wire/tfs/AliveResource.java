package dev.slipway.serving.wire.tfs;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /}: liveness as KServe's first protocol asks for it, which is otherwise TensorFlow Serving's. */
@Path("/")
@NonBlocking
public class AliveResource {
  private static final String ALIVE = "{\"status\":\"alive\"}";

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public String alive() {
    return ALIVE;
  }
}
