package dev.slipway.serving.wire.friendly;

import dev.slipway.serving.wire.http.HttpPredict;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** {@code POST /models/{model}[/versions/{version}]/predict}; the query may name a version, an alias or a stage. */
@Singleton
class PredictRoutes {
  private final HttpPredict predict;
  private final FriendlyDialect dialect;

  PredictRoutes(HttpPredict predict, FriendlyDialect dialect) {
    this.predict = predict;
    this.dialect = dialect;
  }

  void add(@Observes Router router) {
    predict.on(router, "/models", "/predict", dialect);
  }
}
