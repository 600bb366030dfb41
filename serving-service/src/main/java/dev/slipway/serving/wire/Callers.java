package dev.slipway.serving.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The name that a caller gives itself. Nothing is proved by it. */
public final class Callers {
  public static final String HEADER = "X-Slipway-User";
  public static final String AUTHORIZATION = "Authorization";
  private static final String BASIC = "Basic ";

  private Callers() {}

  /**
   * @param user the value of {@link #HEADER}
   * @param authorization the value of {@link #AUTHORIZATION}, of which the user of basic authentication is taken
   * @return null for neither
   */
  public static String name(String user, String authorization) {
    if (user != null) {
      return user;
    }
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
