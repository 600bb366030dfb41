package dev.slipway.serving.wire.oip;

import dev.slipway.serving.wire.http.HttpPredict;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** {@code POST /v2/models/{model}[/versions/{version}]/infer}. */
@Singleton
class OipInferRoutes {
  private final HttpPredict predict;
  private final OipDialect dialect;

  OipInferRoutes(HttpPredict predict, OipDialect dialect) {
    this.predict = predict;
    this.dialect = dialect;
  }

  void add(@Observes Router router) {
    predict.on(router, "/v2/models", "/infer", dialect);
  }
}
