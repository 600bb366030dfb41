package dev.slipway.registry.mlflow;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.mlflow.WorkflowMessages.CommentAnswer;
import dev.slipway.registry.mlflow.WorkflowMessages.CommentMessage;
import dev.slipway.registry.review.VersionComments;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

/** {@code comments/*}: remarks on versions, as a hosted registry has them. */
@Path("/api/2.0/mlflow/comments")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class CommentsResource {
  private final VersionComments comments;
  private final Callers callers;
  private final Requests requests;

  CommentsResource(VersionComments comments, Callers callers, Requests requests) {
    this.comments = comments;
    this.callers = callers;
    this.requests = requests;
  }

  @POST
  @Path("create")
  public CommentAnswer create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    request.require("version");
    String model = RegistryNames.model(request);
    return new CommentAnswer(CommentMessage.of(comments.add(
        callers.current(),
        model,
        RegistryNames.version(request),
        request.requiredText("comment"))));
  }

  @PATCH
  @Path("update")
  public CommentAnswer update(byte[] body) {
    MlflowRequest request = requests.body(body);
    return new CommentAnswer(CommentMessage.of(comments.update(
        callers.current(), request.requiredNumber("id"), request.requiredText("comment"))));
  }

  @DELETE
  @Path("delete")
  public Messages.Empty delete(@Context UriInfo uri, byte[] body) {
    comments.delete(callers.current(), requests.get(uri, body).requiredNumber("id"));
    return new Messages.Empty();
  }
}
