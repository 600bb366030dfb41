package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.slipway.registry.release.VersionCallers;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Who still calls which version. */
@Path("/api/v1/models/{model}/callers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CallersResource {
  private final VersionCallers callers;

  CallersResource(VersionCallers callers) {
    this.callers = callers;
  }

  record CallerList(List<VersionCallers.Usage> callers) {}

  /** An answer, and what whoever asked should know before going on. */
  record Warned(@JsonUnwrapped Object answer, List<String> warnings) {
    static Object of(Object answer, List<String> warnings) {
      return warnings.isEmpty() ? answer : new Warned(answer, warnings);
    }
  }

  @GET
  @Operation(
      summary =
          "Requests by version and caller, as the callers name themselves; those of the last 90 days")
  public CallerList list(@PathParam("model") String model) {
    return new CallerList(callers.of(model));
  }
}
