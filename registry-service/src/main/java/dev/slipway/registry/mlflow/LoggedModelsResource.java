package dev.slipway.registry.mlflow;

import dev.slipway.registry.tracking.LoggedModelSearch;
import dev.slipway.registry.tracking.LoggedModels;
import dev.slipway.registry.tracking.ModelStatus;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/** {@code logged-models/*}: the models that MLflow 3 logs, each with a folder of its own. */
@Path("/api/2.0/mlflow/logged-models")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class LoggedModelsResource {
  private static final int DEFAULT_PAGE = 50;
  /** MLflow takes an explicit 0 for "as many as the store sees fit". */
  private static final int PAGE_WHEN_ZERO = 100;

  private static final int MOST_A_PAGE = 50_000;

  private final LoggedModels models;
  private final Requests requests;

  LoggedModelsResource(LoggedModels models, Requests requests) {
    this.models = models;
    this.requests = requests;
  }

  @POST
  public Messages.LoggedModelAnswer create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    return answer(models.create(
        request.requiredText("experiment_id"),
        request.filledOrNull("name"),
        request.text("model_type"),
        request.text("source_run_id"),
        Fields.pairs(request, "params"),
        Fields.pairs(request, "tags")));
  }

  @GET
  @Path("{model_id}")
  public Messages.LoggedModelAnswer get(
      @PathParam("model_id") String id, @QueryParam("allow_deleted") String allowDeleted) {
    return answer(models.get(id, "true".equalsIgnoreCase(allowDeleted)));
  }

  @PATCH
  @Path("{model_id}")
  public Messages.LoggedModelAnswer finish(@PathParam("model_id") String id, byte[] body) {
    MlflowRequest request = requests.body(body);
    request.require("status");
    ModelStatus end =
        request.constantOrNull("status", ModelStatus.class, Messages.LoggedModelMessage::status, 0);
    return answer(models.finish(id, end));
  }

  @DELETE
  @Path("{model_id}")
  public Messages.Empty delete(@PathParam("model_id") String id) {
    models.delete(id);
    return new Messages.Empty();
  }

  @POST
  @Path("{model_id}/params")
  public Messages.Empty params(
      @PathParam("model_id") String id, @Context HttpHeaders headers, byte[] body) {
    models.logParams(id, Fields.pairs(requests.post(headers, body), "params"));
    return new Messages.Empty();
  }

  @PATCH
  @Path("{model_id}/tags")
  public Messages.Empty setTags(@PathParam("model_id") String id, byte[] body) {
    models.setTags(id, Fields.pairs(requests.body(body), "tags"));
    return new Messages.Empty();
  }

  @DELETE
  @Path("{model_id}/tags/{key}")
  public Messages.Empty deleteTag(@PathParam("model_id") String id, @PathParam("key") String key) {
    models.deleteTag(id, key);
    return new Messages.Empty();
  }

  @POST
  @Path("search")
  public Messages.LoggedModels search(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    request.require("experiment_ids");
    int size = request.size("max_results", DEFAULT_PAGE, MOST_A_PAGE);
    return Messages.LoggedModels.of(models.search(
        request.texts("experiment_ids"),
        request.filledOrNull("filter"),
        request.messages("datasets").stream()
            .map(dataset -> new LoggedModelSearch.DatasetFilter(
                dataset.filledOrNull("dataset_name"), dataset.filledOrNull("dataset_digest")))
            .toList(),
        size == 0 ? PAGE_WHEN_ZERO : size,
        request.messages("order_by").stream().map(LoggedModelsResource::order).toList(),
        request.text("page_token")));
  }

  private static LoggedModelSearch.Order order(MlflowRequest by) {
    LoggedModelSearch.Order order = new LoggedModelSearch.Order(
        by.text("field_name"),
        by.flag("ascending", true),
        by.filledOrNull("dataset_name"),
        by.filledOrNull("dataset_digest"));
    if (order.datasetDigest() != null && order.datasetName() == null) {
      throw MlflowException.invalid(
          "`dataset_digest` can only be specified if `dataset_name` is also specified.");
    }
    return order;
  }

  private static Messages.LoggedModelAnswer answer(
      dev.slipway.registry.tracking.LoggedModel model) {
    return new Messages.LoggedModelAnswer(Messages.LoggedModelMessage.of(model));
  }
}
