package dev.slipway.registry.mlflow;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.mlflow.RegistryMessages.ModelVersionAnswer;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.model.RegistryReads;
import dev.slipway.registry.model.RegistrySearch;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.problem.RegistryException.NotFound;
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
import java.util.Map;

/** {@code model-versions/*}. */
@Path("/api/2.0/mlflow/model-versions")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class ModelVersionsResource {
  private static final int DEFAULT_PAGE = 10_000;
  private static final int MOST_A_PAGE = 200_000;

  private final Versions versions;
  private final Registrations registrations;
  private final Transitions transitions;
  private final RegistryReads reads;
  private final RegistrySearch search;
  private final Callers callers;
  private final Requests requests;

  ModelVersionsResource(
      Versions versions,
      Registrations registrations,
      Transitions transitions,
      RegistryReads reads,
      RegistrySearch search,
      Callers callers,
      Requests requests) {
    this.versions = versions;
    this.registrations = registrations;
    this.transitions = transitions;
    this.reads = reads;
    this.search = search;
    this.callers = callers;
    this.requests = requests;
  }

  @POST
  @Path("create")
  public ModelVersionAnswer create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    request.require("name");
    String source = request.requiredText("source");
    Map<String, String> tags = RegistryNames.versionTags(request);
    var wanted = new Registrations.Wanted(
        source,
        request.text("run_id"),
        request.filledOrNull("model_id"),
        request.text("run_link"),
        request.text("description"),
        tags,
        RegistryWords.isPrompt(tags));
    return ModelVersionAnswer.of(
        registrations.register(callers.current(), RegistryNames.model(request), wanted));
  }

  @GET
  @Path("get")
  public ModelVersionAnswer get(@Context UriInfo uri, byte[] body) {
    return ModelVersionAnswer.of(find(requests.get(uri, body)));
  }

  private VersionView find(MlflowRequest request) {
    request.require("version");
    String name = RegistryNames.model(request);
    int number = RegistryNames.version(request);
    try {
      return reads.version(name, number);
    } catch (NotFound missing) {
      throw missing.slug().equals("model-not-found") ? NotFound.version(name, number) : missing;
    }
  }

  @PATCH
  @Path("update")
  public ModelVersionAnswer update(byte[] body) {
    MlflowRequest request = requests.body(body);
    String name = RegistryNames.model(request);
    return ModelVersionAnswer.of(versions.update(
        callers.current(),
        name,
        RegistryNames.version(request),
        request.text("description"),
        null));
  }

  @POST
  @Path("transition-stage")
  public ModelVersionAnswer transition(
      @Context HttpHeaders headers, @Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    return ModelVersionAnswer.of(
        transitions.make(callers.current(), move(request), uri.getBaseUri()));
  }

  /** The move that a request of MLflow's or of its workflow calls names. */
  static Transitions.Move move(MlflowRequest request) {
    request.require("name");
    request.require("version");
    String stage = request.requiredText("stage");
    boolean archive = request.flag("archive_existing_versions", false);
    return new Transitions.Move(
        RegistryNames.model(request),
        RegistryNames.version(request),
        RegistryNames.stage(stage),
        archive,
        request.filledOrNull("comment"));
  }

  @DELETE
  @Path("delete")
  public Messages.Empty delete(byte[] body) {
    MlflowRequest request = requests.body(body);
    String name = RegistryNames.model(request);
    versions.delete(callers.current(), name, RegistryNames.version(request), null);
    return new Messages.Empty();
  }

  @GET
  @Path("search")
  public RegistryMessages.ModelVersions search(@Context UriInfo uri, byte[] body) {
    return search(requests.get(uri, body));
  }

  RegistryMessages.ModelVersions search(MlflowRequest request) {
    Page<VersionView> page = search.versions(
        request.text("filter"),
        request.size("max_results", DEFAULT_PAGE, MOST_A_PAGE),
        request.texts("order_by"),
        request.text("page_token"));
    return RegistryMessages.ModelVersions.of(page.items(), page.nextToken());
  }

  @GET
  @Path("get-download-uri")
  public RegistryMessages.DownloadUri downloadUri(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    String name = RegistryNames.model(request);
    return new RegistryMessages.DownloadUri(
        registrations.downloadUri(name, RegistryNames.version(request)));
  }

  @POST
  @Path("set-tag")
  public Messages.Empty setTag(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    request.require("name");
    request.require("version");
    String name = RegistryNames.model(request);
    int version = RegistryNames.version(request);
    String key = RegistryNames.tagKey(request);
    versions.setTag(
        callers.current(),
        name,
        version,
        key,
        RegistryNames.versionTagValue(key, request.text("value")));
    return new Messages.Empty();
  }

  @DELETE
  @Path("delete-tag")
  public Messages.Empty deleteTag(byte[] body) {
    MlflowRequest request = requests.body(body);
    request.require("name");
    request.require("version");
    versions.deleteTag(
        callers.current(),
        RegistryNames.model(request),
        RegistryNames.version(request),
        RegistryNames.tagKey(request));
    return new Messages.Empty();
  }
}
