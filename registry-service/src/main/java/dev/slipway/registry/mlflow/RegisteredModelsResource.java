package dev.slipway.registry.mlflow;

import dev.slipway.common.name.ModelName;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.mlflow.RegistryMessages.RegisteredModelAnswer;
import dev.slipway.registry.mlflow.RegistryMessages.RegisteredModelMessage;
import dev.slipway.registry.mlflow.RegistryMessages.RegisteredModels;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.model.RegistryReads;
import dev.slipway.registry.model.RegistrySearch;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.problem.RegistryException.AlreadyExists;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;

/** {@code registered-models/*}: names, their tags and what is newest below them. Aliases have a resource of their own. */
@Path("/api/2.0/mlflow/registered-models")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class RegisteredModelsResource {
  private static final int DEFAULT_PAGE = 100;
  private static final int MOST_A_PAGE = 1000;

  private final Models models;
  private final RegistryReads reads;
  private final RegistrySearch search;
  private final LatestVersions latest;
  private final Callers callers;
  private final Requests requests;

  RegisteredModelsResource(
      Models models,
      RegistryReads reads,
      RegistrySearch search,
      LatestVersions latest,
      Callers callers,
      Requests requests) {
    this.models = models;
    this.reads = reads;
    this.search = search;
    this.latest = latest;
    this.callers = callers;
    this.requests = requests;
  }

  @POST
  @Path("create")
  public RegisteredModelAnswer create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    var name = new ModelName(RegistryNames.model(request));
    Map<String, String> tags = RegistryNames.tags(request);
    try {
      ModelView created = models.create(callers.current(), name, request.text("description"), tags);
      return new RegisteredModelAnswer(RegisteredModelMessage.of(created, List.of()));
    } catch (AlreadyExists taken) {
      throw RegistryWords.taken(models.get(name.value()), tags);
    }
  }

  @POST
  @Path("rename")
  public RegisteredModelAnswer rename(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String name = RegistryNames.model(request);
    String newName = RegistryNames.model(request.requiredText("new_name"), "new_name");
    return answer(models.update(callers.current(), name, null, new ModelName(newName), null));
  }

  @PATCH
  @Path("update")
  public RegisteredModelAnswer update(byte[] body) {
    MlflowRequest request = requests.body(body);
    return answer(models.update(
        callers.current(), RegistryNames.model(request), request.text("description"), null, null));
  }

  @DELETE
  @Path("delete")
  public Messages.Empty delete(byte[] body) {
    models.delete(callers.current(), RegistryNames.model(requests.body(body)), null);
    return new Messages.Empty();
  }

  @GET
  @Path("get")
  public RegisteredModelAnswer get(@Context UriInfo uri, byte[] body) {
    return answer(reads.model(RegistryNames.model(requests.get(uri, body))));
  }

  private RegisteredModelAnswer answer(ModelView model) {
    return new RegisteredModelAnswer(RegisteredModelMessage.of(model, latest.of(model)));
  }

  @GET
  @Path("search")
  public RegisteredModels search(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    Page<ModelView> page = search.models(
        request.text("filter"),
        request.size("max_results", DEFAULT_PAGE, MOST_A_PAGE),
        request.texts("order_by"),
        request.text("page_token"));
    Map<Long, List<VersionView>> newest =
        reads.latestByStage(page.items().stream().map(ModelView::id).toList());
    return new RegisteredModels(
        Messages.list(
            page.items(), model -> RegisteredModelMessage.of(model, newest.get(model.id()))),
        page.nextToken());
  }

  @POST
  @Path("get-latest-versions")
  public RegistryMessages.ModelVersions latestVersions(@Context HttpHeaders headers, byte[] body) {
    return latestVersions(requests.post(headers, body));
  }

  @GET
  @Path("get-latest-versions")
  public RegistryMessages.ModelVersions latestVersions(@Context UriInfo uri, byte[] body) {
    return latestVersions(requests.get(uri, body));
  }

  private RegistryMessages.ModelVersions latestVersions(MlflowRequest request) {
    List<VersionView> versions = latest.in(
        reads.model(RegistryNames.model(request)),
        request.texts("stages").stream().map(RegistryNames::stage).toList());
    return RegistryMessages.ModelVersions.of(versions, null);
  }

  @POST
  @Path("set-tag")
  public Messages.Empty setTag(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String name = RegistryNames.model(request);
    models.setTag(
        callers.current(),
        name,
        RegistryNames.tagKey(request),
        RegistryNames.tagValue(request.text("value")));
    return new Messages.Empty();
  }

  @DELETE
  @Path("delete-tag")
  public Messages.Empty deleteTag(byte[] body) {
    MlflowRequest request = requests.body(body);
    models.deleteTag(
        callers.current(), RegistryNames.model(request), RegistryNames.tagKey(request));
    return new Messages.Empty();
  }
}
