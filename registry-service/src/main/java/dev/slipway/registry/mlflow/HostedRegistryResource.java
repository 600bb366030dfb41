package dev.slipway.registry.mlflow;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.mlflow.WorkflowMessages.HostedVersionAnswer;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

/** {@code databricks/model-versions/transition-stage}: a stage transition with a comment. */
@Path("/api/2.0/mlflow/databricks/model-versions")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class HostedRegistryResource {
  private final Transitions transitions;
  private final Callers callers;
  private final Requests requests;

  HostedRegistryResource(Transitions transitions, Callers callers, Requests requests) {
    this.transitions = transitions;
    this.callers = callers;
    this.requests = requests;
  }

  @POST
  @Path("transition-stage")
  public HostedVersionAnswer transition(
      @Context HttpHeaders headers, @Context UriInfo uri, byte[] body) {
    Transitions.Move move = ModelVersionsResource.move(requests.post(headers, body));
    return HostedVersionAnswer.of(transitions.make(callers.current(), move, uri.getBaseUri()));
  }
}
