package dev.slipway.registry.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.PolicyRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** The rules of review of one model. */
@Path("/api/v1/models/{model}/policy")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ModelPolicyResource {
  private final Policies policies;
  private final Callers callers;
  private final PolicyJson json;

  ModelPolicyResource(Policies policies, Callers callers, PolicyJson json) {
    this.policies = policies;
    this.callers = callers;
    this.json = json;
  }

  @GET
  @Operation(summary = "The policy that holds for the model, whose it is and why it applies")
  @APIResponseSchema(value = Policy.class, responseCode = "200")
  public Response get(@PathParam("model") String model) {
    return PolicyJson.tagged(policies.inForce(model));
  }

  @PUT
  @APIResponseSchema(value = Policy.class, responseCode = "200")
  public Response put(
      @PathParam("model") String model,
      @RequestBody(content = @Content(schema = @Schema(implementation = PolicyRules.class)))
          JsonNode body,
      @HeaderParam("If-Match") String expected)
      throws JsonProcessingException {
    return PolicyJson.tagged(
        policies.change(callers.current(), model, json.rules(body), Web.revision(expected)));
  }

  @GET
  @Path("/history")
  @Operation(summary = "Every policy that the model has had of its own, newest first")
  public PolicyJson.Past history(@PathParam("model") String model) {
    return new PolicyJson.Past(policies.history(model));
  }

  @DELETE
  @Operation(summary = "Take the model's own policy away; its group's holds again, or the server's")
  public void delete(@PathParam("model") String model) {
    policies.withdraw(callers.current(), model);
  }
}
