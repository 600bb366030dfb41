package dev.slipway.serving.wire.mlflow;

import dev.slipway.serving.fleet.Servables;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** MLflow's scoring server, for a replica that serves one model. */
@Path("/")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class MlflowResource {
  private final Servables servables;
  private final String version;

  MlflowResource(
      Servables servables, @ConfigProperty(name = "quarkus.application.version") String version) {
    this.servables = servables;
    this.version = version;
  }

  /** 200 when a model is loaded, else 404, as MLflow has it. */
  @GET
  @Path("/ping")
  @Produces(MediaType.APPLICATION_JSON)
  public Response ping() {
    return Response.status(servables.models().isEmpty() ? 404 : 200)
        .entity("\n")
        .build();
  }

  @GET
  @Path("/health")
  @Produces(MediaType.APPLICATION_JSON)
  public Response health() {
    return ping();
  }

  @GET
  @Path("/version")
  @Produces(MediaType.TEXT_PLAIN)
  public String version() {
    return version;
  }
}
