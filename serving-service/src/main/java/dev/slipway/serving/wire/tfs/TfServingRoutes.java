package dev.slipway.serving.wire.tfs;

import dev.slipway.common.stage.Stage;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.http.HttpPredict;
import dev.slipway.serving.wire.http.Selectors;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * {@code POST /v1/models/{model}[/versions/{version}|/labels/{label}]:predict}: a label is a stage or an alias. The protocol's other
 * two verbs take tf.Example, which only models of TensorFlow know: they are refused by name.
 */
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
    router
        .routeWithRegex(MODEL + "(?:/(?:versions|labels)/[^/:]+)?:(?<verb>classify|regress)")
        .handler(context -> HttpPredict.refuse(
            context,
            dialect,
            new InferenceException(
                Kind.NOT_OFFERED,
                "':" + context.pathParam("verb") + "' is not offered here; use ':predict'")));
  }

  /** The version that a label leads to. */
  static VersionSelector label(String label) {
    return Stage.find(label)
        .<VersionSelector>map(VersionSelector.InStage::new)
        .orElseGet(() -> new VersionSelector.Alias(label));
  }
}
