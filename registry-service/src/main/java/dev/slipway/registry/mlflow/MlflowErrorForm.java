package dev.slipway.registry.mlflow;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/**
 * What went wrong at one of MLflow's paths before a resource was reached (no such path or method, a body that is too large, no
 * database to ask who calls) is said in MLflow's form too. The status stays.
 */
@Provider
class MlflowErrorForm implements ContainerResponseFilter {
  private static final String PROBLEM = "problem+json";

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    MediaType type = response.getMediaType();
    if (type == null
        || !PROBLEM.equals(type.getSubtype())
        || !isMlflow(request.getUriInfo().getPath())
        || !(response.getEntity() instanceof Map<?, ?> problem)) {
      return;
    }
    var error =
        new MlflowException(code(response.getStatus()), String.valueOf(problem.get("detail")));
    response.setEntity(ErrorBody.of(error), null, MediaType.APPLICATION_JSON_TYPE);
  }

  private static boolean isMlflow(String path) {
    return path.startsWith("/api/2.0/") || path.startsWith("/api/3.0/");
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 401 -> ErrorCode.UNAUTHENTICATED;
      case 403 -> ErrorCode.PERMISSION_DENIED;
      case 404 -> ErrorCode.ENDPOINT_NOT_FOUND;
      case 409 -> ErrorCode.RESOURCE_CONFLICT;
      case 413, 422 -> ErrorCode.INVALID_PARAMETER_VALUE;
      case 503 -> ErrorCode.TEMPORARILY_UNAVAILABLE;
      default -> status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL_ERROR;
    };
  }
}
