package dev.slipway.serving.wire.mlflow;

import dev.slipway.serving.wire.http.HttpPredict;
import dev.slipway.serving.wire.http.Selectors;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** {@code POST /models/{model}[/versions/{version}]/invocations}: scoring of one model of many. */
@Path("/models/{model}")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class MlflowModelResource {
  private final HttpPredict predict;
  private final MlflowDialect dialect;

  MlflowModelResource(HttpPredict predict, MlflowDialect dialect) {
    this.predict = predict;
    this.dialect = dialect;
  }

  @POST
  @Path("/invocations")
  public CompletionStage<Response> invocations(
      @PathParam("model") String model, @Context HttpServerRequest request) {
    return predict.answer(request, dialect, model, () -> Selectors.query(request));
  }

  @POST
  @Path("/versions/{version}/invocations")
  public CompletionStage<Response> invocations(
      @PathParam("model") String model,
      @PathParam("version") String version,
      @Context HttpServerRequest request) {
    return predict.answer(request, dialect, model, () -> Selectors.segment(version));
  }
}
