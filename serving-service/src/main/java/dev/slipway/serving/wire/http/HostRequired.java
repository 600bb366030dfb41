package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import io.vertx.core.VertxException;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses requests without a host (RFC 9112, section 3.2; RFC 9113, section 8.3.1). The router finds them before any route, in
 * words of its own, and the framework's handler of such failures writes an error to the log for each: anybody could fill it.
 */
@Singleton
class HostRequired {
  private final Dialects dialects;

  HostRequired(Dialects dialects) {
    this.dialects = dialects;
  }

  void add(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
      if (context.statusCode() == Kind.BAD_INPUT.httpStatus()
          && context.failure() instanceof VertxException malformed) {
        HttpPredict.refuse(
            context,
            dialects.of(context.request().path()),
            InferenceException.badInput(malformed.getMessage()));
      } else {
        context.next();
      }
    });
  }
}
