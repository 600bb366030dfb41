package dev.slipway.registry.api;

import dev.slipway.registry.problem.RegistryException.Invalid;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;

/** Refuses an address that holds a NUL, which no text of the database can. MLflow's paths refuse it themselves, in its words. */
@Provider
@PreMatching
@Priority(2)
class NulGuard implements ContainerRequestFilter {
  @Override
  public void filter(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    boolean mlflow = path.startsWith("/api/2.0/")
        || path.startsWith("/api/3.0/")
        || path.startsWith("/ajax-api/");
    if (!mlflow && request.getUriInfo().getRequestUri().toString().contains("%00")) {
      throw new Invalid("the address holds a NUL (%00)");
    }
  }
}
