package dev.slipway.serving.wire.oip;

import dev.slipway.serving.fleet.Servables;
import dev.slipway.serving.wire.http.Payload;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code GET /v2}, {@code /v2/models} and {@code /v2/health}: the server itself. Ready is what {@code /q/health/ready} says. */
@Path("/v2")
@NonBlocking
public class OipServerResource {
  private final Servables servables;
  private final SmallRyeHealthReporter health;
  private final String version;

  OipServerResource(
      Servables servables,
      SmallRyeHealthReporter health,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.servables = servables;
    this.health = health;
    this.version = version;
  }

  @GET
  public Response metadata() {
    return response(200, Payload.object(Payload.JSON, out -> {
      out.writeStringField("name", "slipway");
      out.writeStringField("version", version);
      out.writeArrayFieldStart("extensions");
      out.writeString("binary_tensor_data");
      out.writeString("model_repository");
      out.writeEndArray();
    }));
  }

  /** The names of the models that are served: not of the protocol, but KServe's servers have it and its clients ask for it. */
  @GET
  @Path("/models")
  public Response models() {
    return response(200, Payload.names("models", servables.models()));
  }

  @GET
  @Path("/health/live")
  public Response live() {
    return flag("live", true);
  }

  @GET
  @Path("/health/ready")
  public Uni<Response> ready() {
    return health.getReadinessAsync().map(ready -> flag("ready", !ready.isDown()));
  }

  private static Response flag(String name, boolean value) {
    return response(
        value ? 200 : 503, Payload.object(Payload.JSON, out -> out.writeBooleanField(name, value)));
  }

  private static Response response(int status, Payload payload) {
    return Response.status(status)
        .type(payload.contentType())
        .entity(payload.body())
        .build();
  }
}
