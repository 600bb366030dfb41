package dev.slipway.registry.api;

import dev.slipway.registry.problem.RegistryException.Unauthenticated;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Lets only serving processes of this deployment to /internal. Without a configured token nobody is let in. */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION - 1)
class ServiceTokens implements ContainerRequestFilter {
  private static final String HEADER = "X-Slipway-Service-Token";

  private final byte[] token;

  ServiceTokens(@ConfigProperty(name = "slipway.service-token") Optional<String> token) {
    this.token = token
        .filter(text -> !text.isBlank())
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .orElse(null);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    String relative = path.startsWith("/") ? path.substring(1) : path;
    if (!relative.startsWith("internal/") && !relative.equals("internal")) {
      return;
    }
    String given = request.getHeaderString(HEADER);
    if (token == null
        || given == null
        || !MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8))) {
      throw new Unauthenticated(
          "the routes under /internal are for the serving processes of this deployment: send its token as "
              + HEADER + (token == null ? " (none is configured: set slipway.service-token)" : ""));
    }
  }
}
