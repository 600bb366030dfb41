package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.artifact.Snapshots;
import dev.slipway.registry.evidence.Inspections;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.lineage.Registrations;
import dev.slipway.registry.model.Page;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
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
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Model versions: create, read, change, complete, delete. */
@Path("/api/v1/models/{model}/versions")
@Consumes(MediaType.APPLICATION_JSON)
public class VersionsResource {
  private final Versions versions;
  private final Snapshots snapshots;
  private final Registrations registrations;
  private final Inspections inspections;
  private final Callers callers;
  private final Posts posts;

  VersionsResource(
      Versions versions,
      Snapshots snapshots,
      Registrations registrations,
      Inspections inspections,
      Callers callers,
      Posts posts) {
    this.versions = versions;
    this.snapshots = snapshots;
    this.registrations = registrations;
    this.inspections = inspections;
    this.callers = callers;
    this.posts = posts;
  }

  @POST
  @APIResponse(
      responseCode = "201",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VersionJson.class)))
  public Response create(@PathParam("model") String model, VersionJson.New wanted) {
    VersionJson.New body = wanted == null ? new VersionJson.New(null, null, null, null) : wanted;
    return posts.run(body, () -> {
      VersionView created = versions.create(
          callers.current(),
          model,
          new Versions.NewVersion(
              body.description(), body.source(), body.runId(), null, body.tags()));
      registrations.keepRun(created);
      return Outcome.created(
          VersionJson.of(created),
          "/api/v1/models/" + Web.segment(model) + "/versions/" + created.number());
    });
  }

  @GET
  public VersionJson.ListJson list(
      @PathParam("model") String model,
      @QueryParam("stage") String stage,
      @QueryParam("page_size") Integer pageSize,
      @QueryParam("page_token") String pageToken) {
    Page<VersionView> page =
        versions.list(model, Web.stage(stage), Web.pageSize(pageSize), Web.numericKey(pageToken));
    return new VersionJson.ListJson(
        page.items().stream().map(VersionJson::of).toList(), Web.token(page.nextToken()));
  }

  @GET
  @Path("/{version: \\d{1,9}}")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VersionJson.class)))
  public Response get(@PathParam("model") String model, @PathParam("version") int version) {
    return answer(versions.get(model, version));
  }

  @PATCH
  @Path("/{version: \\d{1,9}}")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VersionJson.class)))
  public Response update(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @HeaderParam("If-Match") String ifMatch,
      VersionJson.Patch patch) {
    return answer(versions.update(
        callers.current(), model, version, Web.body(patch).description(), Web.revision(ifMatch)));
  }

  @DELETE
  @Path("/{version: \\d{1,9}}")
  public void delete(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @HeaderParam("If-Match") String ifMatch) {
    versions.delete(callers.current(), model, version, Web.revision(ifMatch));
  }

  @POST
  @Path("/{version: \\d{1,9}}/complete")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VersionJson.class)))
  public Response complete(
      @PathParam("model") String model,
      @PathParam("version") int version,
      VersionJson.Complete wanted) {
    VersionJson.Complete body = wanted == null ? new VersionJson.Complete(null, null) : wanted;
    return posts.run(
        body,
        () -> Outcome.ok(VersionJson.of(
            snapshots.complete(callers.current(), model, version, body.files(), body.digest()))));
  }

  @POST
  @Path("/{version: \\d{1,9}}/inspect")
  @Operation(summary = "Have a gateway look again at a version that could not be served")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = VersionJson.class)))
  public Response inspect(@PathParam("model") String model, @PathParam("version") int version) {
    return posts.run(
        Map.of(),
        () -> Outcome.ok(VersionJson.of(inspections.again(callers.current(), model, version))));
  }

  @PUT
  @Path("/{version: \\d{1,9}}/tags/{key}")
  public VersionJson setTag(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @PathParam("key") String key,
      ModelJson.Value body) {
    versions.setTag(callers.current(), model, version, key, Web.body(body).value());
    return VersionJson.of(versions.get(model, version));
  }

  @DELETE
  @Path("/{version: \\d{1,9}}/tags/{key}")
  public void deleteTag(
      @PathParam("model") String model,
      @PathParam("version") int version,
      @PathParam("key") String key) {
    versions.deleteTag(callers.current(), model, version, key);
  }

  private static Response answer(VersionView view) {
    return Response.ok(VersionJson.of(view))
        .header("ETag", Web.etag(view.revision()))
        .build();
  }
}
