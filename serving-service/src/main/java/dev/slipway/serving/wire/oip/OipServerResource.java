package dev.slipway.serving.wire.oip;

import dev.slipway.serving.wire.http.Payload;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code GET /v2} and {@code /v2/health}: the server itself. Ready is what {@code /q/health/ready} says. */
@Path("/v2")
@NonBlocking
public class OipServerResource {
  /** Of Triton's, under its names. */
  public static final List<String> EXTENSIONS =
      List.of("binary_tensor_data", "model_repository", "model_configuration", "statistics");

  private final SmallRyeHealthReporter health;
  private final String version;

  OipServerResource(
      SmallRyeHealthReporter health,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.health = health;
    this.version = version;
  }

  @GET
  public Response metadata() {
    return response(200, Payload.object(Payload.JSON, out -> {
      out.writeStringField("name", "slipway");
      out.writeStringField("version", version);
      out.writeArrayFieldStart("extensions");
      for (String extension : EXTENSIONS) {
        out.writeString(extension);
      }
      out.writeEndArray();
    }));
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
