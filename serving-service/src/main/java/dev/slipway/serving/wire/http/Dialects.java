package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.Protocol;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;

/** In which protocol's form a path is refused that nothing answers; in the gateway's own where it belongs to none. */
@Singleton
class Dialects {
  private final List<HttpDialect> all;
  private final HttpDialect own;

  Dialects(@All List<HttpDialect> all) {
    this.all = all;
    this.own = all.stream()
        .filter(dialect -> dialect.protocol() == Protocol.FRIENDLY)
        .findFirst()
        .orElseThrow();
  }

  /**
   * @param path null where a request has none
   */
  HttpDialect of(String path) {
    return path == null
        ? own
        : all.stream().filter(dialect -> dialect.covers(path)).findFirst().orElse(own);
  }
}
