package dev.slipway.registry.api;

import dev.slipway.registry.local.StackReset;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code slipway reset}: only for the holder of the service token, and only in a local stack. */
@Path("/internal/v1/reset")
class ResetResource {
  private final StackReset reset;
  private final boolean localStack;

  ResetResource(
      StackReset reset,
      @ConfigProperty(name = "slipway.local-stack", defaultValue = "false") boolean localStack) {
    this.reset = reset;
    this.localStack = localStack;
  }

  @POST
  @Operation(hidden = true)
  public void reset() {
    if (!localStack) {
      throw new NotFound("not-a-local-stack", "only a local stack can be emptied in place");
    }
    reset.empty();
  }
}
