package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.review.CheckReport;
import dev.slipway.registry.review.Checks;
import dev.slipway.registry.review.ComputedChecks;
import dev.slipway.registry.review.Grants;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import dev.slipway.registry.review.Voting;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Requests to move a version between stages, and what people say about them. */
@Path("/api/v1/requests")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RequestResource {
  private final Reviews reviews;
  private final Voting voting;
  private final Grants grants;
  private final Checks checks;
  private final ComputedChecks computed;
  private final Callers callers;
  private final Posts posts;

  RequestResource(
      Reviews reviews,
      Voting voting,
      Grants grants,
      Checks checks,
      ComputedChecks computed,
      Callers callers,
      Posts posts) {
    this.reviews = reviews;
    this.voting = voting;
    this.grants = grants;
    this.checks = checks;
    this.computed = computed;
    this.callers = callers;
    this.posts = posts;
  }

  @GET
  public RequestJson.ListJson list(
      @QueryParam("state") String state,
      @QueryParam("page_size") Integer size,
      @QueryParam("page_token") String token) {
    int limit = Web.pageSize(size);
    List<Request> found =
        reviews.list(null, null, RequestJson.state(state), Paging.before(token), limit + 1);
    return new RequestJson.ListJson(
        Paging.cut(found, limit), Paging.next(found, limit, Request::id));
  }

  @GET
  @Path("/{id}")
  public Request get(@PathParam("id") long id) {
    return reviews.get(id);
  }

  @POST
  @Path("/{id}/approve")
  @Operation(summary = "Approve; the last approval that is needed makes the move")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response approve(@PathParam("id") long id, RequestJson.Remark body) {
    RequestJson.Remark remark = body == null ? new RequestJson.Remark(null, null) : body;
    return posts.run(
        remark,
        () -> Outcome.ok(
            voting.approve(callers.current(), id, remark.comment(), remark.liveDigest())));
  }

  @POST
  @Path("/{id}/apply")
  @Operation(summary = "Make the move of a complete request, where its policy waits for a person")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response apply(@PathParam("id") long id) {
    return posts.run(Map.of(), () -> Outcome.ok(grants.apply(callers.current(), id)));
  }

  @POST
  @Path("/{id}/bypass")
  @Operation(
      summary =
          "Make the move without what it needs: for the roles that the policy names, with a reason that stays visible")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response bypass(@PathParam("id") long id, RequestJson.Bypass bypass) {
    RequestJson.Bypass body = Web.body(bypass);
    return posts.run(body, () -> Outcome.ok(grants.bypass(callers.current(), id, body.reason())));
  }

  @POST
  @Path("/{id}/reject")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response reject(@PathParam("id") long id, RequestJson.Remark body) {
    RequestJson.Remark remark = body == null ? new RequestJson.Remark(null, null) : body;
    return posts.run(
        remark, () -> Outcome.ok(voting.reject(callers.current(), id, remark.comment())));
  }

  @POST
  @Path("/{id}/withdraw")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response withdraw(@PathParam("id") long id, RequestJson.Remark body) {
    RequestJson.Remark remark = body == null ? new RequestJson.Remark(null, null) : body;
    return posts.run(
        remark, () -> Outcome.ok(reviews.withdraw(callers.current(), id, remark.comment())));
  }

  @GET
  @Path("/{id}/comments")
  public RequestJson.CommentList comments(@PathParam("id") long id) {
    return new RequestJson.CommentList(reviews.get(id).comments());
  }

  @POST
  @Path("/{id}/comments")
  @APIResponseSchema(value = Request.class, responseCode = "201")
  public Response comment(@PathParam("id") long id, RequestJson.NewComment comment) {
    RequestJson.NewComment body = Web.body(comment);
    return posts.run(
        body,
        () -> Outcome.created(
            reviews.comment(callers.current(), id, body.body()),
            "/api/v1/requests/" + id + "/comments"));
  }

  @POST
  @Path("/{id}/checks/rerun")
  @Operation(summary = "Have the checks that Slipway makes itself made again")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response rerun(@PathParam("id") long id) {
    return posts.run(Map.of(), () -> Outcome.ok(computed.rerun(callers.current(), id)));
  }

  @POST
  @Path("/{id}/checks")
  @Operation(summary = "Report what a named external check found; a policy can require it")
  @APIResponseSchema(value = Request.class, responseCode = "200")
  public Response check(@PathParam("id") long id, CheckReport report) {
    CheckReport body = Web.body(report);
    return posts.run(body, () -> Outcome.ok(checks.report(callers.current(), id, body)));
  }
}
