package dev.slipway.serving.wire.tfs;

import dev.slipway.common.stage.Stage;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.wire.http.HttpPredict;
import dev.slipway.serving.wire.http.Selectors;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** {@code POST /v1/models/{model}[/versions/{version}|/labels/{label}]:predict}: a label is a stage or an alias. */
@Singleton
class TfServingRoutes {
  private static final String MODEL = "/v1/models/(?<model>[^/:]+)";

  private final HttpPredict predict;
  private final TfServingDialect dialect;

  TfServingRoutes(HttpPredict predict, TfServingDialect dialect) {
    this.predict = predict;
    this.dialect = dialect;
  }

  void add(@Observes Router router) {
    predict.on(router.routeWithRegex(MODEL + ":predict"), dialect, _ -> VersionSelector.Live.ANY);
    predict.on(
        router.routeWithRegex(MODEL + "/versions/(?<version>[^/:]+):predict"),
        dialect,
        Selectors::segment);
    predict.on(
        router.routeWithRegex(MODEL + "/labels/(?<label>[^/:]+):predict"),
        dialect,
        context -> label(context.pathParam("label")));
  }

  private static VersionSelector label(String label) {
    return Stage.find(label)
        .<VersionSelector>map(VersionSelector.InStage::new)
        .orElseGet(() -> new VersionSelector.Alias(label));
  }
}
