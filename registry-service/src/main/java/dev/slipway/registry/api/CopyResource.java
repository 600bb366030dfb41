package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.external.Copies;
import dev.slipway.registry.external.Copy;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The copy of a version's files from the {@code s3://} folder that its source names. */
@Path("/api/v1/models/{model}/versions/{version: \\d{1,9}}/copy")
public class CopyResource {
  private static final int ACCEPTED = 202;

  private final Copies copies;
  private final Callers callers;
  private final Posts posts;

  CopyResource(Copies copies, Callers callers, Posts posts) {
    this.copies = copies;
    this.callers = callers;
    this.posts = posts;
  }

  @POST
  @Operation(
      summary = "Copy a version's files from its s3:// source into the registry; 202 while it runs")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CopyJson.class)))
  @APIResponse(
      responseCode = "202",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = CopyJson.class)))
  public Response start(@PathParam("model") String model, @PathParam("version") int version) {
    return posts.run(Map.of(), () -> {
      Copy copy = copies.start(callers.current(), model, version);
      CopyJson body = CopyJson.of(copy);
      return copy.state() == Copy.State.RUNNING
          ? new Outcome(ACCEPTED, body, null)
          : Outcome.ok(body);
    });
  }

  @GET
  @Operation(summary = "How far the copy of a version's files is")
  public CopyJson get(@PathParam("model") String model, @PathParam("version") int version) {
    return CopyJson.of(copies.get(model, version));
  }
}
