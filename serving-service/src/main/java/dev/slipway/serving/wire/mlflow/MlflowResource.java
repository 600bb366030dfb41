package dev.slipway.serving.wire.mlflow;

import dev.slipway.common.mlflow.MlflowVersion;
import dev.slipway.serving.fleet.Servables;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** MLflow's scoring server, for a replica that serves one model. */
@Path("/")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class MlflowResource {
  private final Servables servables;

  MlflowResource(Servables servables) {
    this.servables = servables;
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

  /** The version of MLflow, as its scoring server has it; that of the gateway is in {@code /v2}. */
  @GET
  @Path("/version")
  @Produces(MediaType.TEXT_PLAIN)
  public String version() {
    return MlflowVersion.FOLLOWED;
  }
}
