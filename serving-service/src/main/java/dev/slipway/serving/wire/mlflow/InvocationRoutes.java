package dev.slipway.serving.wire.mlflow;

import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.http.HttpPredict;
import dev.slipway.serving.wire.http.Selectors;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * {@code POST /models/{model}[/versions/{version}]/invocations}: scoring of one model of many; and {@code POST /invocations}, as
 * MLflow's scoring server has it, of a replica that serves one model.
 */
@Singleton
class InvocationRoutes {
  private final HttpPredict predict;
  private final MlflowDialect dialect;
  private final Servables servables;

  InvocationRoutes(HttpPredict predict, MlflowDialect dialect, Servables servables) {
    this.predict = predict;
    this.dialect = dialect;
    this.servables = servables;
  }

  void add(@Observes Router router) {
    predict.on(router, "/models", "/invocations", dialect);
    predict.on(router.route("/invocations"), dialect, _ -> theModel(), this::ofTheModel);
  }

  private String theModel() {
    List<String> models = servables.models();
    return models.isEmpty() ? "" : models.getFirst();
  }

  private VersionSelector ofTheModel(RoutingContext context) throws InferenceException {
    int models = servables.models().size();
    if (models != 1) {
      throw InferenceException.badInput("/invocations needs a replica that serves one model, this"
          + " one serves " + models + "; post to /models/{name}/invocations");
    }
    return Selectors.query(context);
  }
}
