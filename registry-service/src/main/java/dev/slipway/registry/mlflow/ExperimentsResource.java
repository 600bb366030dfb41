package dev.slipway.registry.mlflow;

import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Lineage;
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
import java.util.List;

/** {@code experiments/*} of MLflow's tracking API. */
@Path("/api/2.0/mlflow/experiments")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class ExperimentsResource {
  private static final int DEFAULT_PAGE = 1000;
  private static final int MOST_DATASET_EXPERIMENTS = 20;

  private final Experiments experiments;
  private final Lineage lineage;
  private final Requests requests;

  ExperimentsResource(Experiments experiments, Lineage lineage, Requests requests) {
    this.experiments = experiments;
    this.lineage = lineage;
    this.requests = requests;
  }

  @POST
  @Path("create")
  public Messages.ExperimentId create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String name = request.requiredText("name");
    String location = request.text("artifact_location");
    long id = experiments.create(name, location, Fields.pairs(request, "tags"));
    return new Messages.ExperimentId(String.valueOf(id));
  }

  @GET
  @Path("get")
  public Messages.ExperimentAnswer get(@Context UriInfo uri, byte[] body) {
    return get(requests.get(uri, body));
  }

  Messages.ExperimentAnswer get(MlflowRequest request) {
    String id = request.requiredText("experiment_id");
    return new Messages.ExperimentAnswer(Messages.ExperimentMessage.of(experiments.get(id)));
  }

  @GET
  @Path("get-by-name")
  public Messages.ExperimentAnswer getByName(@Context UriInfo uri, byte[] body) {
    String name = requests.get(uri, body).requiredText("experiment_name");
    return experiments
        .findByName(name)
        .map(experiment -> new Messages.ExperimentAnswer(Messages.ExperimentMessage.of(experiment)))
        .orElseThrow(() -> new RegistryException.NotFound(
            "not-found", "Could not find experiment with name '" + name + "'"));
  }

  @GET
  @Path("search")
  public Messages.Experiments search(@Context UriInfo uri, byte[] body) {
    return search(requests.get(uri, body));
  }

  @POST
  @Path("search")
  public Messages.Experiments search(@Context HttpHeaders headers, byte[] body) {
    return search(requests.post(headers, body));
  }

  private Messages.Experiments search(MlflowRequest request) {
    ViewType view = request.constantOrNull("view_type", ViewType.class, ViewType::name, 1);
    return Messages.Experiments.of(experiments.search(
        view == null ? ViewType.ACTIVE_ONLY : view,
        request.size("max_results", DEFAULT_PAGE, Integer.MAX_VALUE),
        request.text("filter"),
        request.texts("order_by"),
        request.text("page_token")));
  }

  @POST
  @Path("delete")
  public Messages.Empty delete(@Context HttpHeaders headers, byte[] body) {
    experiments.delete(requests.post(headers, body).requiredText("experiment_id"));
    return new Messages.Empty();
  }

  @POST
  @Path("restore")
  public Messages.Empty restore(@Context HttpHeaders headers, byte[] body) {
    experiments.restore(requests.post(headers, body).requiredText("experiment_id"));
    return new Messages.Empty();
  }

  @POST
  @Path("update")
  public Messages.Empty update(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    experiments.rename(request.requiredText("experiment_id"), request.requiredText("new_name"));
    return new Messages.Empty();
  }

  @POST
  @Path("set-experiment-tag")
  public Messages.Empty setTag(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String id = request.requiredText("experiment_id");
    experiments.setTag(id, new KeyValue(request.requiredText("key"), request.text("value")));
    return new Messages.Empty();
  }

  @POST
  @Path("delete-experiment-tag")
  public Messages.Empty deleteTag(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    experiments.deleteTag(request.requiredText("experiment_id"), request.requiredText("key"));
    return new Messages.Empty();
  }

  @POST
  @Path("search-datasets")
  public Messages.DatasetSummaries datasets(@Context HttpHeaders headers, byte[] body) {
    return datasets(requests.post(headers, body));
  }

  Messages.DatasetSummaries datasets(MlflowRequest request) {
    List<String> ids = request.texts("experiment_ids");
    if (ids.isEmpty()) {
      throw MlflowException.invalid(
          "SearchDatasets request must specify at least one experiment_id.");
    }
    if (ids.size() > MOST_DATASET_EXPERIMENTS) {
      throw MlflowException.invalid(
          "SearchDatasets request cannot specify more than " + MOST_DATASET_EXPERIMENTS
              + " experiment_ids. Received " + ids.size() + " experiment_ids.");
    }
    return new Messages.DatasetSummaries(
        Messages.list(lineage.datasets(ids), Messages.DatasetSummaryMessage::of));
  }
}
