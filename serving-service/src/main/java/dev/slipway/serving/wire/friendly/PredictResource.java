package dev.slipway.serving.wire.friendly;

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

/** {@code POST /models/{model}[/versions/{version}]/predict}; the query may name a version, an alias or a stage. */
@Path("/models/{model}")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class PredictResource {
  private final HttpPredict predict;
  private final FriendlyDialect dialect;

  PredictResource(HttpPredict predict, FriendlyDialect dialect) {
    this.predict = predict;
    this.dialect = dialect;
  }

  @POST
  @Path("/predict")
  public CompletionStage<Response> predict(
      @PathParam("model") String model, @Context HttpServerRequest request) {
    return predict.answer(request, dialect, model, () -> Selectors.query(request));
  }

  @POST
  @Path("/versions/{version}/predict")
  public CompletionStage<Response> predict(
      @PathParam("model") String model,
      @PathParam("version") String version,
      @Context HttpServerRequest request) {
    return predict.answer(request, dialect, model, () -> Selectors.segment(version));
  }
}
