package dev.slipway.registry.mlflow;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;

/** Serves everything below {@code /api} below {@code /ajax-api} as well, where MLflow's UI looks for it. */
@Provider
@PreMatching
class AjaxPrefix implements ContainerRequestFilter {
  private static final String AJAX = "/ajax-api/";

  @Override
  public void filter(ContainerRequestContext request) {
    URI uri = request.getUriInfo().getRequestUri();
    String path = uri.getRawPath();
    if (path != null && path.startsWith(AJAX)) {
      String query = uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery();
      URI base = request.getUriInfo().getBaseUri();
      request.setRequestUri(base.resolve("/api/" + path.substring(AJAX.length()) + query));
    }
  }
}
