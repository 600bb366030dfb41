package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
import dev.slipway.registry.review.ComputedChecks;
import dev.slipway.registry.review.Grants;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.review.Voting;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** One request, and what people do with it. */
@Path("/")
@Browsed
@RunOnVirtualThread
@Produces({MediaType.TEXT_HTML, MediaType.APPLICATION_JSON})
class RequestPage {
  private static final String ID = "requests/{id: \\d{1,18}}";

  private final Reviews reviews;
  private final Voting voting;
  private final Grants grants;
  private final ComputedChecks computed;
  private final RequestSheets sheets;
  private final Frame frame;

  RequestPage(
      Reviews reviews,
      Voting voting,
      Grants grants,
      ComputedChecks computed,
      RequestSheets sheets,
      Frame frame) {
    this.reviews = reviews;
    this.voting = voting;
    this.grants = grants;
    this.computed = computed;
    this.sheets = sheets;
    this.frame = frame;
  }

  @GET
  @Path(ID)
  public Response get(@PathParam("id") long id) {
    return frame.show(() -> sheets.page(id, null));
  }

  /** @param liveDigest of the live version that the page compared with; empty when none was live */
  @POST
  @Path(ID + "/approve")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response approve(
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("comment") String comment,
      @FormParam("live_digest") String liveDigest) {
    return act(
        token,
        id,
        () -> voting.approve(
            frame.caller(),
            id,
            comment,
            liveDigest == null || liveDigest.isEmpty() ? null : liveDigest));
  }

  @POST
  @Path(ID + "/reject")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response reject(
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("comment") String comment) {
    return act(token, id, () -> voting.reject(frame.caller(), id, comment));
  }

  @POST
  @Path(ID + "/withdraw")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response withdraw(
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("comment") String comment) {
    return act(token, id, () -> reviews.withdraw(frame.caller(), id, comment));
  }

  @POST
  @Path(ID + "/comments")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response comment(
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("comment") String comment) {
    return act(token, id, () -> reviews.comment(frame.caller(), id, comment));
  }

  @POST
  @Path(ID + "/checks/rerun")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response rerun(@PathParam("id") long id, @FormParam("form_token") String token) {
    return act(token, id, () -> computed.rerun(frame.caller(), id));
  }

  @POST
  @Path(ID + "/apply")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response apply(@PathParam("id") long id, @FormParam("form_token") String token) {
    return act(token, id, () -> grants.apply(frame.caller(), id));
  }

  @POST
  @Path(ID + "/bypass")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response bypass(
      @PathParam("id") long id,
      @FormParam("form_token") String token,
      @FormParam("reason") String reason) {
    return act(token, id, () -> grants.bypass(frame.caller(), id, reason));
  }

  private Response act(String token, long id, Runnable deed) {
    return frame.act(
        token,
        () -> {
          deed.run();
          return Links.request(id);
        },
        notice -> sheets.page(id, notice));
  }
}
