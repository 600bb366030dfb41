package dev.slipway.serving.wire.mlflow;

import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.http.HttpPredict;
import dev.slipway.serving.wire.http.Selectors;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** MLflow's scoring server, for a replica that serves one model. */
@Path("/")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class MlflowResource {
  private final HttpPredict predict;
  private final MlflowDialect dialect;
  private final Servables servables;
  private final String version;

  MlflowResource(
      HttpPredict predict,
      MlflowDialect dialect,
      Servables servables,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.predict = predict;
    this.dialect = dialect;
    this.servables = servables;
    this.version = version;
  }

  @POST
  @Path("/invocations")
  public CompletionStage<Response> invocations(@Context HttpServerRequest request) {
    List<String> models = servables.models();
    return predict.answer(request, dialect, models.isEmpty() ? "" : models.getFirst(), () -> {
      if (models.size() != 1) {
        throw InferenceException.badInput("/invocations needs a replica that serves one model, this"
            + " one serves " + models.size() + "; post to /models/{name}/invocations");
      }
      return Selectors.query(request);
    });
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
