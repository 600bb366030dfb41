package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.PolicyRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The rules of review where a model has none of its own. */
@Path("/api/v1/policies")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PolicyResource {
  private final Policies policies;
  private final Callers callers;

  PolicyResource(Policies policies, Callers callers) {
    this.policies = policies;
    this.callers = callers;
  }

  @GET
  public Response get() {
    return tagged(policies.server());
  }

  @PUT
  public Response put(PolicyRules rules, @HeaderParam("If-Match") String expected) {
    return tagged(
        policies.change(callers.current(), null, Web.body(rules), Web.revision(expected)));
  }

  static Response tagged(Policy policy) {
    return Response.ok(policy).header("ETag", Web.etag(policy.id())).build();
  }
}
