package dev.slipway.registry.access;

import dev.slipway.registry.problem.RegistryException.Invalid;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Until authentication is switched on a caller is who it says: {@code X-Slipway-User}, else the basic-auth user name with any
 * password, else, on a {@link Browsed} route, the name that it chose at sign-in, else anonymous.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
class CallerFilter implements ContainerRequestFilter {
  private static final String USER = "X-Slipway-User";
  private static final String BASIC = "Basic ";

  private final Callers callers;
  private final Principals principals;

  @Context
  ResourceInfo resource;

  CallerFilter(Callers callers, Principals principals) {
    this.callers = callers;
    this.principals = principals;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String name = name(request);
    if (name.length() > Caller.LONGEST_NAME) {
      throw new Invalid("a caller's name has at most " + Caller.LONGEST_NAME + " characters");
    }
    callers.set(new Caller(
        name, principals.rolesOf(name), (String) request.getProperty("slipway.request-id")));
  }

  private String name(ContainerRequestContext request) {
    String user = request.getHeaderString(USER);
    if (user != null && !user.isBlank()) {
      return user.trim();
    }
    String authorization = request.getHeaderString("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return basicUser(authorization.substring(BASIC.length()).trim());
    }
    var cookie = request.getCookies().get(NameCookie.NAME);
    return cookie != null && isBrowsed() ? NameCookie.read(cookie.getValue()) : Caller.ANONYMOUS;
  }

  private boolean isBrowsed() {
    return resource.getResourceClass() != null
        && resource.getResourceClass().isAnnotationPresent(Browsed.class);
  }

  private static String basicUser(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      String user = colon < 0 ? pair : pair.substring(0, colon);
      return user.isBlank() ? Caller.ANONYMOUS : user;
    } catch (IllegalArgumentException notBase64) {
      return Caller.ANONYMOUS;
    }
  }
}
