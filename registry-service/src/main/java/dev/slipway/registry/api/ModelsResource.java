package dev.slipway.registry.api;

import dev.slipway.common.name.ModelName;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.review.Aliases;
import dev.slipway.registry.review.Request;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Registered models, their tags and aliases. */
@Path("/api/v1/models")
@Consumes(MediaType.APPLICATION_JSON)
public class ModelsResource {
  private final Models models;
  private final Aliases aliases;
  private final Callers callers;
  private final Posts posts;

  ModelsResource(Models models, Aliases aliases, Callers callers, Posts posts) {
    this.models = models;
    this.aliases = aliases;
    this.callers = callers;
    this.posts = posts;
  }

  @POST
  @APIResponse(
      responseCode = "201",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ModelJson.class)))
  public Response create(ModelJson.New wanted) {
    ModelJson.New body = Web.body(wanted);
    return posts.run(body, () -> {
      ModelView created = models.create(
          callers.current(),
          new ModelName(body.name()),
          body.description(),
          body.tags() == null ? Map.of() : body.tags());
      return Outcome.created(
          ModelJson.of(created), "/api/v1/models/" + Web.segment(created.name()));
    });
  }

  @GET
  public ModelJson.ListJson list(
      @QueryParam("name_contains") String nameContains,
      @QueryParam("tag") List<String> tags,
      @QueryParam("page_size") Integer pageSize,
      @QueryParam("page_token") String pageToken) {
    Page<ModelView> page =
        models.list(nameContains, Web.tags(tags), Web.pageSize(pageSize), Web.key(pageToken));
    return new ModelJson.ListJson(
        page.items().stream().map(ModelJson::of).toList(), Web.token(page.nextToken()));
  }

  @GET
  @Path("/{model}")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ModelJson.class)))
  public Response get(@PathParam("model") String model) {
    return answer(models.get(model));
  }

  @PATCH
  @Path("/{model}")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ModelJson.class)))
  public Response update(
      @PathParam("model") String model,
      @HeaderParam("If-Match") String ifMatch,
      ModelJson.Patch patch) {
    ModelJson.Patch body = Web.body(patch);
    return answer(models.update(
        callers.current(),
        model,
        body.description(),
        body.name() == null ? null : new ModelName(body.name()),
        Web.revision(ifMatch)));
  }

  @DELETE
  @Path("/{model}")
  public void delete(@PathParam("model") String model, @HeaderParam("If-Match") String ifMatch) {
    models.delete(callers.current(), model, Web.revision(ifMatch));
  }

  @PUT
  @Path("/{model}/tags/{key}")
  public ModelJson setTag(
      @PathParam("model") String model, @PathParam("key") String key, ModelJson.Value body) {
    models.setTag(callers.current(), model, key, Web.body(body).value());
    return ModelJson.of(models.get(model));
  }

  @DELETE
  @Path("/{model}/tags/{key}")
  public void deleteTag(@PathParam("model") String model, @PathParam("key") String key) {
    models.deleteTag(callers.current(), model, key);
  }

  @PUT
  @Path("/{model}/aliases/{alias}")
  @Operation(
      summary = "Let an alias point at a version; 202 with a request where the policy protects it")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ModelJson.class)))
  @APIResponse(
      responseCode = "202",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Request.class)))
  public Response setAlias(
      @PathParam("model") String model,
      @PathParam("alias") String alias,
      ModelJson.AliasTarget body) {
    if (Web.body(body).version() == null) {
      throw new Invalid("the body names the version: {\"version\": 3}");
    }
    return aliases
        .set(callers.current(), model, alias, body.version())
        .map(request -> Response.accepted(request)
            .location(URI.create("/api/v1/requests/" + request.id()))
            .build())
        .orElseGet(() -> Response.ok(ModelJson.of(models.get(model))).build());
  }

  @DELETE
  @Path("/{model}/aliases/{alias}")
  public void deleteAlias(@PathParam("model") String model, @PathParam("alias") String alias) {
    aliases.delete(callers.current(), model, alias);
  }

  private static Response answer(ModelView view) {
    return Response.ok(ModelJson.of(view))
        .header("ETag", Web.etag(view.revision()))
        .build();
  }
}
