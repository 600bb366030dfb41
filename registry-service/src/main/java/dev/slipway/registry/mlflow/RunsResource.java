package dev.slipway.registry.mlflow;

import dev.slipway.registry.tracking.Run;
import dev.slipway.registry.tracking.RunStatus;
import dev.slipway.registry.tracking.Runs;
import dev.slipway.registry.tracking.ViewType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code runs/*}: the life of runs, and their search. */
@Path("/api/2.0/mlflow/runs")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class RunsResource {
  private static final int DEFAULT_PAGE = 1000;
  private static final int MOST_A_PAGE = 50_000;

  private final Runs runs;
  private final Requests requests;

  RunsResource(Runs runs, Requests requests) {
    this.runs = runs;
    this.requests = requests;
  }

  @POST
  @Path("create")
  public Messages.RunAnswer create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    Run run = runs.create(
        request.text("experiment_id"),
        request.text("user_id"),
        request.number("start_time", 0),
        request.text("run_name"),
        Fields.pairs(request, "tags"));
    return new Messages.RunAnswer(Messages.RunMessage.of(run));
  }

  @GET
  @Path("get")
  public Messages.RunAnswer get(@Context UriInfo uri, byte[] body) {
    return get(requests.get(uri, body));
  }

  Messages.RunAnswer get(MlflowRequest request) {
    return new Messages.RunAnswer(Messages.RunMessage.of(runs.get(request.runId())));
  }

  @POST
  @Path("update")
  public Messages.RunInfoAnswer update(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    var info = runs.update(
        request.runId(),
        request.constantOrNull("status", RunStatus.class, RunStatus::name, 1),
        request.numberOrNull("end_time"),
        request.textOrNull("run_name"));
    return new Messages.RunInfoAnswer(Messages.RunInfoMessage.of(info));
  }

  @POST
  @Path("delete")
  public Messages.Empty delete(@Context HttpHeaders headers, byte[] body) {
    runs.delete(requests.post(headers, body).requiredText("run_id"));
    return new Messages.Empty();
  }

  @POST
  @Path("restore")
  public Messages.Empty restore(@Context HttpHeaders headers, byte[] body) {
    runs.restore(requests.post(headers, body).requiredText("run_id"));
    return new Messages.Empty();
  }

  /** Prompts are tried out elsewhere. */
  @POST
  @Path("create-promptlab-run")
  @Operation(hidden = true)
  public void promptlab() {
    throw MlflowException.notOffered("prompt lab");
  }

  @POST
  @Path("search")
  public Messages.Runs search(@Context HttpHeaders headers, byte[] body) {
    return search(requests.post(headers, body));
  }

  Messages.Runs search(MlflowRequest request) {
    ViewType view = request.constantOrNull("run_view_type", ViewType.class, ViewType::name, 1);
    return Messages.Runs.of(runs.search(
        request.texts("experiment_ids"),
        request.text("filter"),
        view == null ? ViewType.ACTIVE_ONLY : view,
        request.size("max_results", DEFAULT_PAGE, MOST_A_PAGE),
        request.texts("order_by"),
        request.text("page_token")));
  }
}
