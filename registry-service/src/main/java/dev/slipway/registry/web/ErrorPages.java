package dev.slipway.registry.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Map;

/**
 * What went wrong outside of a page (no such address, a failure, the database away) is a page too, for who would rather have one. It
 * is made of the problem alone: neither who calls nor anything else is asked of the database.
 */
@Provider
class ErrorPages implements ContainerResponseFilter {
  private static final String PROBLEM = "problem+json";
  private static final List<String> OF_PROGRAMS =
      List.of("/api", "/ajax-api", "/internal", "/q", "/graphql");

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    MediaType type = response.getMediaType();
    if (type == null
        || !PROBLEM.equals(type.getSubtype())
        || !(response.getEntity() instanceof Map<?, ?> problem)
        || isOfPrograms(request.getUriInfo().getPath())
        || !wantsPage(request)) {
      return;
    }
    Problem said = Problem.of(response.getStatus(), String.valueOf(problem.get("detail")));
    var shell = new Shell(said.notice().title(), "", false, "", "", "none", "", said.notice());
    String id = request.getProperty("slipway.request-id") instanceof String known ? known : null;
    response.setEntity(
        Templates.refused(shell, new ErrorView(said.advice(), id)).render(),
        null,
        MediaType.valueOf(PageHeaders.TYPE));
    PageHeaders.ALL.forEach((name, value) -> response.getHeaders().putSingle(name, value));
  }

  private static boolean isOfPrograms(String path) {
    return OF_PROGRAMS.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
  }

  /** Only who names HTML, and before JSON: programs that take anything get the problem as it is. */
  private static boolean wantsPage(ContainerRequestContext request) {
    for (MediaType wanted : request.getAcceptableMediaTypes()) {
      if (wanted.isWildcardSubtype()) {
        continue;
      }
      if (wanted.getSubtype().equals("html")) {
        return true;
      }
      if (wanted.getSubtype().endsWith("json")) {
        return false;
      }
    }
    return false;
  }
}
