package dev.slipway.registry.web;

import dev.slipway.registry.access.Browsed;
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
  private final RequestSheets sheets;
  private final Frame frame;

  RequestPage(Reviews reviews, Voting voting, RequestSheets sheets, Frame frame) {
    this.reviews = reviews;
    this.voting = voting;
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
