package dev.slipway.registry.api;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/** Takes the caller's {@code X-Request-Id}, or makes one; gives it back, and to every log line and audit row. */
@Provider
@PreMatching
@Priority(1)
class RequestIds implements ContainerRequestFilter, ContainerResponseFilter {
  private static final String HEADER = "X-Request-Id";
  private static final String PROPERTY = "slipway.request-id";
  private static final Pattern FIT = Pattern.compile("[\\x21-\\x7e]{1,128}");

  @Override
  public void filter(ContainerRequestContext request) {
    String given = request.getHeaderString(HEADER);
    String id = given != null && FIT.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
    request.setProperty(PROPERTY, id);
    MDC.put("request_id", id);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(PROPERTY) instanceof String id) {
      response.getHeaders().putSingle(HEADER, id);
    }
  }
}
