package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.common.report.ReplicaReport;
import dev.slipway.registry.release.Feeds;
import dev.slipway.registry.release.Jobs;
import dev.slipway.registry.release.Manifests;
import dev.slipway.registry.release.Replicas;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** What serving processes call: the feed, manifests, reports, jobs. */
@Path("/internal/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class InternalResource {
  private static final Duration FEED_WAIT = Duration.ofSeconds(30);
  private static final int JITTER_MS = 5_000;
  /** Tells a gateway that the next report may be relative to this one's list. */
  private static final String KEPT_LIST = "X-Slipway-Kept-List";

  private static final Duration JOB_WAIT = Duration.ofSeconds(20);

  private final Feeds feeds;
  private final Manifests manifests;
  private final Replicas replicas;
  private final Jobs jobs;
  private final LongPolls polls;

  InternalResource(
      Feeds feeds, Manifests manifests, Replicas replicas, Jobs jobs, LongPolls polls) {
    this.feeds = feeds;
    this.manifests = manifests;
    this.replicas = replicas;
    this.jobs = jobs;
    this.polls = polls;
  }

  /** The files of one digest; it never changes. */
  record ManifestBody(@JsonSetter(contentNulls = Nulls.FAIL) List<Manifests.File> files) {}

  @GET
  @Path("/feed")
  @Operation(
      summary =
          "The desired state, as soon as it is another than the caller's; 304 after about 30 s")
  @APIResponseSchema(value = Feed.class, responseCode = "200")
  @APIResponse(responseCode = "304", description = "Nothing has changed")
  public Response feed(
      @QueryParam("epoch") String epoch,
      @QueryParam("revision") @DefaultValue("-1") long revision,
      @Context RoutingContext exchange)
      throws InterruptedException {
    polls.follow(exchange);
    Duration wait = FEED_WAIT.plusMillis(ThreadLocalRandom.current().nextInt(JITTER_MS));
    Optional<byte[]> feed = feeds.await(epoch, revision, wait);
    return feed.map(bytes -> Response.ok(bytes, MediaType.APPLICATION_JSON_TYPE))
        .orElseGet(Response::notModified)
        .build();
  }

  @GET
  @Path("/manifests/{digest}")
  @APIResponseSchema(value = ManifestBody.class, responseCode = "200")
  public Response manifest(@PathParam("digest") String digest) {
    return Response.ok(new ManifestBody(manifests.files(new Digest(digest))))
        .header("Cache-Control", "private, max-age=31536000, immutable")
        .build();
  }

  @POST
  @Path("/reports")
  @Operation(
      summary =
          "A gateway's state; 409 when it is told relative to a list that is not kept here: it must be told whole")
  @APIResponse(responseCode = "204", description = "It is kept")
  public Response report(ReplicaReport report) {
    replicas.report(Web.body(report));
    return Response.noContent().header(KEPT_LIST, report.list()).build();
  }

  @POST
  @Path("/jobs/claim")
  @Operation(summary = "One job under a lease; 204 when there is none within about 20 s")
  @APIResponseSchema(value = Job.class, responseCode = "200")
  @APIResponse(responseCode = "204", description = "There is none")
  public Job claim(JobClaim claim, @Context RoutingContext exchange) throws InterruptedException {
    polls.follow(exchange);
    return jobs.claim(Web.body(claim), JOB_WAIT).orElse(null);
  }

  @POST
  @Path("/jobs/{id}/result")
  @APIResponse(responseCode = "204", description = "It is kept")
  public void result(@PathParam("id") long id, JobResult result) {
    jobs.finish(id, Web.body(result));
  }
}
