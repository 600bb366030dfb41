package dev.slipway.serving.wire.oip;

import dev.slipway.serving.fleet.NotServedException;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.RunLimits;
import dev.slipway.serving.predict.VersionStatistics;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.http.Selectors;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/**
 * {@code GET /v2/models/{model}[/versions/{version}][/ready|/config|/stats]}: what a model takes and gives, whether it answers, how it
 * is served and what it has answered. The query may name a version, an alias or a stage, as that of infer.
 */
@Path("/v2/models")
@NonBlocking
public class OipModelResource {
  private final Servables servables;
  private final VersionStatistics statistics;
  private final RunLimits limits;

  OipModelResource(Servables servables, VersionStatistics statistics, RunLimits limits) {
    this.servables = servables;
    this.statistics = statistics;
    this.limits = limits;
  }

  /** The names of the models that are served: not of the protocol, but KServe's servers have it and its clients ask for it. */
  @GET
  public Response models() {
    return response(200, Payload.names("models", servables.models()));
  }

  /** Of all models. As at Triton, the metadata of a model with this name are at its version only. */
  @GET
  @Path("/stats")
  public Response statistics() {
    return response(200, OipStatistics.of(statistics.all()));
  }

  @GET
  @Path("/{model}/stats")
  public Response statistics(@PathParam("model") String model, @Context HttpServerRequest request) {
    return statistics(model, () -> Selectors.query(request));
  }

  @GET
  @Path("/{model}/versions/{version}/stats")
  public Response statistics(
      @PathParam("model") String model, @PathParam("version") String version) {
    return statistics(model, () -> Selectors.segment(version));
  }

  private Response statistics(String model, Selectors.Source source) {
    return tell(() -> OipStatistics.of(statistics.of(model, source.select())));
  }

  @GET
  @Path("/{model}/config")
  public Response configuration(
      @PathParam("model") String model, @Context HttpServerRequest request) {
    return answer(model, () -> Selectors.query(request), this::configuration);
  }

  @GET
  @Path("/{model}/versions/{version}/config")
  public Response configuration(
      @PathParam("model") String model, @PathParam("version") String version) {
    return answer(model, () -> Selectors.segment(version), this::configuration);
  }

  @GET
  @Path("/{model}")
  public Response metadata(@PathParam("model") String model, @Context HttpServerRequest request) {
    return answer(model, () -> Selectors.query(request), this::metadata);
  }

  @GET
  @Path("/{model}/versions/{version}")
  public Response metadata(@PathParam("model") String model, @PathParam("version") String version) {
    return answer(model, () -> Selectors.segment(version), this::metadata);
  }

  @GET
  @Path("/{model}/ready")
  public Response ready(@PathParam("model") String model, @Context HttpServerRequest request) {
    return answer(model, () -> Selectors.query(request), OipModelResource::ready);
  }

  @GET
  @Path("/{model}/versions/{version}/ready")
  public Response ready(@PathParam("model") String model, @PathParam("version") String version) {
    return answer(model, () -> Selectors.segment(version), OipModelResource::ready);
  }

  /** What is said of a version that is there. */
  @FunctionalInterface
  private interface Answer {
    Payload of(ServableHandle handle);
  }

  private Response answer(String model, Selectors.Source source, Answer answer) {
    return tell(() -> {
      try (ServableHandle handle = servables.acquire(model, source.select())) {
        return answer.of(handle);
      }
    });
  }

  /** What is said, or refused. */
  @FunctionalInterface
  private interface Told {
    Payload get() throws NotServedException, InferenceException;
  }

  private static Response tell(Told told) {
    try {
      return response(200, told.get());
    } catch (NotServedException e) {
      return error(InferenceException.of(e));
    } catch (InferenceException e) {
      return error(e);
    }
  }

  private Payload metadata(ServableHandle handle) {
    return Payload.object(Payload.JSON, out -> {
      out.writeStringField("name", handle.model());
      out.writeArrayFieldStart("versions");
      for (int version : servables.versions(handle.model())) {
        out.writeString(Integer.toString(version));
      }
      out.writeEndArray();
      out.writeStringField("platform", ModelConfiguration.platform(handle));
      out.writeFieldName("inputs");
      OipWriter.describe(out, handle.loaded().signature().inputs());
      out.writeFieldName("outputs");
      OipWriter.describe(out, handle.loaded().signature().outputs());
    });
  }

  private Payload configuration(ServableHandle handle) {
    return OipConfiguration.of(ModelConfiguration.of(handle, servables, limits));
  }

  private static Payload ready(ServableHandle handle) {
    return Payload.object(Payload.JSON, out -> {
      out.writeStringField("name", handle.model());
      out.writeBooleanField("ready", true);
    });
  }

  private static Response error(InferenceException e) {
    return response(e.kind().httpStatus(), OipDialect.error(e.getMessage()));
  }

  private static Response response(int status, Payload payload) {
    return Response.status(status)
        .type(payload.contentType())
        .entity(payload.body())
        .build();
  }
}
