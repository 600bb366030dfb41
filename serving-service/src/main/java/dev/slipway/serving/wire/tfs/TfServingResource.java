package dev.slipway.serving.wire.tfs;

import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.fleet.VersionSelector;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.http.Selectors;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * {@code GET /v1/models[/{model}[/versions/{version}|/labels/{label}][/metadata]]}: a label is a stage or an alias.
 */
@Path("/v1/models")
@Consumes(MediaType.WILDCARD)
@NonBlocking
public class TfServingResource {
  private final Servables servables;

  TfServingResource(Servables servables) {
    this.servables = servables;
  }

  /** The names of the models that are served. TensorFlow Serving has no such call; KServe's version 1 of the protocol has. */
  @GET
  public Response models() {
    return response(200, Payload.names("models", servables.models()));
  }

  @GET
  @Path("/{model:[^/:]+}")
  public Response status(@PathParam("model") String model) {
    List<Integer> versions = servables.versions(model);
    if (versions.isEmpty()) {
      return response(404, TfServingDialect.error("Servable not found for request: " + model));
    }
    return response(200, TfServingDescriptions.status(model, versions));
  }

  @GET
  @Path("/{model:[^/:]+}/versions/{version:[^/:]+}")
  public Response status(@PathParam("model") String model, @PathParam("version") String version) {
    return status(model, () -> Selectors.segment(version));
  }

  @GET
  @Path("/{model:[^/:]+}/labels/{label:[^/:]+}")
  public Response labelled(@PathParam("model") String model, @PathParam("label") String label) {
    return status(model, () -> TfServingRoutes.label(label));
  }

  private Response status(String model, Selectors.Source source) {
    return describe(
        model, source, handle -> TfServingDescriptions.status(model, List.of(handle.version())));
  }

  @GET
  @Path("/{model:[^/:]+}/metadata")
  public Response metadata(@PathParam("model") String model) {
    return describe(model, () -> VersionSelector.Live.ANY, TfServingDescriptions::metadata);
  }

  @GET
  @Path("/{model:[^/:]+}/versions/{version:[^/:]+}/metadata")
  public Response metadata(@PathParam("model") String model, @PathParam("version") String version) {
    return describe(model, () -> Selectors.segment(version), TfServingDescriptions::metadata);
  }

  @GET
  @Path("/{model:[^/:]+}/labels/{label:[^/:]+}/metadata")
  public Response labelledMetadata(
      @PathParam("model") String model, @PathParam("label") String label) {
    return describe(model, () -> TfServingRoutes.label(label), TfServingDescriptions::metadata);
  }

  /** What is said of a version that is there. */
  @FunctionalInterface
  private interface Description {
    Payload of(ServableHandle handle);
  }

  private Response describe(String model, Selectors.Source source, Description description) {
    try (ServableHandle handle = servables.acquire(model, source.select())) {
      return response(200, description.of(handle));
    } catch (NotServedException e) {
      return error(InferenceException.of(e));
    } catch (InferenceException e) {
      return error(e);
    }
  }

  private static Response error(InferenceException e) {
    return response(e.kind().httpStatus(), TfServingDialect.error(e.getMessage()));
  }

  private static Response response(int status, Payload payload) {
    return Response.status(status)
        .type(payload.contentType())
        .entity(payload.body())
        .build();
  }
}
