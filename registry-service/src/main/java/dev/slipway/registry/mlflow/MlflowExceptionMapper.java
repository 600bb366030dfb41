package dev.slipway.registry.mlflow;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes an error. */
class MlflowExceptionMapper {
  @ServerExceptionMapper
  Response write(MlflowException error) {
    return Response.status(error.code().status())
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(ErrorBody.of(error))
        .build();
  }
}
