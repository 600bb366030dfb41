package dev.slipway.registry.access;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The cookie that keeps the name chosen at sign-in; encoded, because a name may hold what a cookie may not. */
public final class NameCookie {
  public static final String NAME = "slipway-user";

  private NameCookie() {}

  /** The cookie's value for a name. */
  public static String write(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  /** The name; anonymous when the value is not one that we wrote. */
  static String read(String value) {
    try {
      String name = new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8);
      return name.isBlank() ? Caller.ANONYMOUS : name;
    } catch (IllegalArgumentException notOurs) {
      return Caller.ANONYMOUS;
    }
  }
}
