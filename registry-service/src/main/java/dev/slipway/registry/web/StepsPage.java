package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.release.Rollouts;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What people do with a release at a step, from its model's page. */
@Path("/models/{model}/releases/{id: \\d{1,18}}")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
class StepsPage {
  private final Rollouts rollouts;
  private final ModelPage page;
  private final Frame frame;

  StepsPage(Rollouts rollouts, ModelPage page, Frame frame) {
    this.rollouts = rollouts;
    this.page = page;
    this.frame = frame;
  }

  /** @param step that the page showed */
  @POST
  @Path("advance")
  public Response advance(
      @PathParam("model") String model,
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("step") Integer step) {
    return act(token, model, () -> rollouts.advance(frame.caller(), id, step));
  }

  @POST
  @Path("undo")
  public Response undo(
      @PathParam("model") String model,
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("reason") String reason) {
    return act(token, model, () -> {
      if (reason == null || reason.isBlank()) {
        throw new Invalid("an undo says why");
      }
      rollouts.undo(frame.caller(), id, reason);
    });
  }

  private Response act(String token, String model, Runnable deed) {
    return frame.act(
        token,
        () -> {
          deed.run();
          return Links.model(model);
        },
        notice -> page.page(model, notice));
  }
}
