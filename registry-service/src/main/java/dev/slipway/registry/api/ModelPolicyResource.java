package dev.slipway.registry.api;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.PolicyRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The rules of review of one model. */
@Path("/api/v1/models/{model}/policy")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ModelPolicyResource {
  private final Policies policies;
  private final Callers callers;

  ModelPolicyResource(Policies policies, Callers callers) {
    this.policies = policies;
    this.callers = callers;
  }

  @GET
  public Response get(@PathParam("model") String model) {
    return PolicyResource.tagged(policies.inForce(model));
  }

  @PUT
  public Response put(
      @PathParam("model") String model,
      PolicyRules rules,
      @HeaderParam("If-Match") String expected) {
    return PolicyResource.tagged(
        policies.change(callers.current(), model, Web.body(rules), Web.revision(expected)));
  }
}
