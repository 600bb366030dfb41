package dev.slipway.registry.mlflow;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.mlflow.WorkflowMessages.ActivityAnswer;
import dev.slipway.registry.mlflow.WorkflowMessages.ActivityMessage;
import dev.slipway.registry.mlflow.WorkflowMessages.TransitionRequestAnswer;
import dev.slipway.registry.mlflow.WorkflowMessages.TransitionRequestMessage;
import dev.slipway.registry.mlflow.WorkflowMessages.TransitionRequests;
import dev.slipway.registry.problem.RegistryException.NotFound;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.RequestState;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.review.Voting;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** {@code transition-requests/*}: a hosted registry's review calls, which name a request by version and stage. */
@Path("/api/2.0/mlflow/transition-requests")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class TransitionRequestsResource {
  private static final int ALL = 1000;

  private final Transitions transitions;
  private final Reviews reviews;
  private final Voting voting;
  private final Callers callers;
  private final Requests requests;

  TransitionRequestsResource(
      Transitions transitions, Reviews reviews, Voting voting, Callers callers, Requests requests) {
    this.transitions = transitions;
    this.reviews = reviews;
    this.voting = voting;
    this.callers = callers;
    this.requests = requests;
  }

  @POST
  @Path("create")
  public TransitionRequestAnswer create(@Context HttpHeaders headers, byte[] body) {
    Transitions.Move move = ModelVersionsResource.move(requests.post(headers, body));
    Request request = transitions.request(callers.current(), move);
    return new TransitionRequestAnswer(TransitionRequestMessage.of(request, callers.current()));
  }

  @POST
  @Path("approve")
  public ActivityAnswer approve(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String comment = request.filledOrNull("comment");
    Request open = open(request);
    return activity(
        "APPROVED_REQUEST", voting.approve(callers.current(), open.id(), comment, null), comment);
  }

  @POST
  @Path("reject")
  public ActivityAnswer reject(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String comment = request.filledOrNull("comment");
    return activity(
        "REJECTED_REQUEST", voting.reject(callers.current(), open(request).id(), comment), comment);
  }

  @DELETE
  @Path("delete")
  public ActivityAnswer delete(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    String comment = request.filledOrNull("comment");
    return activity(
        "CANCELLED_REQUEST",
        reviews.withdraw(callers.current(), open(request).id(), comment),
        comment);
  }

  @GET
  @Path("list")
  public TransitionRequests list(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    request.require("version");
    String model = RegistryNames.model(request);
    List<Request> open = openOf(model, RegistryNames.version(request));
    return new TransitionRequests(
        Messages.list(open, each -> TransitionRequestMessage.of(each, callers.current())));
  }

  /** Without those for an alias: these calls know a request by its stage, and such a one moves none. */
  private List<Request> openOf(String model, int version) {
    return reviews.list(model, version, RequestState.OPEN, Long.MAX_VALUE, ALL).stream()
        .filter(each -> each.alias() == null)
        .toList();
  }

  /** The open request that a call means; {@code creator}, where it is given, must have made it. */
  private Request open(MlflowRequest request) {
    request.require("version");
    String model = RegistryNames.model(request);
    Stage stage = RegistryNames.stage(request.requiredText("stage"));
    int version = RegistryNames.version(request);
    String creator = request.filledOrNull("creator");
    return openOf(model, version).stream()
        .filter(each -> each.to() == stage && (creator == null || creator.equals(each.requester())))
        .findFirst()
        .orElseThrow(() -> new NotFound(
            "request-not-found",
            "No open transition request for model version (name=" + model + ", version=" + version
                + ") to stage " + stage + (creator == null ? "" : " by " + creator)
                + " was found."));
  }

  private ActivityAnswer activity(String type, Request request, String comment) {
    return new ActivityAnswer(ActivityMessage.of(type, request, callers.current(), comment));
  }
}
