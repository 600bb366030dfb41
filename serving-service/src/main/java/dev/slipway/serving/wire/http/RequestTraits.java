package dev.slipway.serving.wire.http;

import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.wire.Callers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/** What tells one HTTP request from another: its headers, its bytes, and the name that its caller gives itself. */
final class RequestTraits implements VersionSelector.Traits {
  private final MultiMap headers;
  private Body body;

  RequestTraits(HttpServerRequest request) {
    this.headers = request.headers();
  }

  /** Its bytes have come. */
  RequestTraits with(Body received) {
    body = received;
    return this;
  }

  @Override
  public String header(String name) {
    return headers.get(name);
  }

  @Override
  public Integer contentHash() {
    if (body == null) {
      return null;
    }
    int hash = 1;
    for (int i = 0; i < body.length(); i++) {
      hash = 31 * hash + body.array()[i];
    }
    return hash;
  }

  /** {@code X-Slipway-User}, else the user of basic authentication; null for neither. Nothing is proved by it. */
  String caller() {
    return Callers.name(headers.get(Callers.HEADER), headers.get(Callers.AUTHORIZATION));
  }
}
