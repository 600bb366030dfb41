package dev.slipway.serving.wire.http;

import dev.slipway.serving.fleet.VersionSelector;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What tells one HTTP request from another: its headers, its bytes, and the name that its caller gives itself. */
final class RequestTraits implements VersionSelector.Traits {
  private static final String CALLER = "X-Slipway-User";
  private static final String BASIC = "Basic ";

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
    String given = headers.get(CALLER);
    if (given != null) {
      return given;
    }
    String authorization = headers.get("Authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    try {
      byte[] decoded =
          Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      return new String(decoded, StandardCharsets.UTF_8).split(":", 2)[0];
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
