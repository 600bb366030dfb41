package dev.slipway.serving.wire.oip;

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

/** {@code POST /v2/models/{model}[/versions/{version}]/infer}. */
@Path("/v2/models/{model}")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class OipInferResource {
  private final HttpPredict predict;
  private final OipDialect dialect;

  OipInferResource(HttpPredict predict, OipDialect dialect) {
    this.predict = predict;
    this.dialect = dialect;
  }

  @POST
  @Path("/infer")
  public CompletionStage<Response> infer(
      @PathParam("model") String model, @Context HttpServerRequest request) {
    return predict.answer(request, dialect, model, () -> Selectors.query(request));
  }

  @POST
  @Path("/versions/{version}/infer")
  public CompletionStage<Response> infer(
      @PathParam("model") String model,
      @PathParam("version") String version,
      @Context HttpServerRequest request) {
    return predict.answer(request, dialect, model, () -> Selectors.segment(version));
  }
}
