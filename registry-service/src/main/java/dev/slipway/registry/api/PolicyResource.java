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

/** The rules of review where a model has none of its own. */
@Path("/api/v1/policies")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PolicyResource {
  private final Policies policies;
  private final Callers callers;
  private final PolicyJson json;

  PolicyResource(Policies policies, Callers callers, PolicyJson json) {
    this.policies = policies;
    this.callers = callers;
    this.json = json;
  }

  @GET
  @APIResponseSchema(value = Policy.class, responseCode = "200")
  public Response get() {
    return PolicyJson.tagged(policies.server());
  }

  @PUT
  @APIResponseSchema(value = Policy.class, responseCode = "200")
  public Response put(
      @RequestBody(content = @Content(schema = @Schema(implementation = PolicyRules.class)))
          JsonNode body,
      @HeaderParam("If-Match") String expected)
      throws JsonProcessingException {
    return PolicyJson.tagged(
        policies.change(callers.current(), null, json.rules(body), Web.revision(expected)));
  }

  @GET
  @Path("/history")
  @Operation(summary = "Every policy that the server has had, newest first")
  public PolicyJson.Past history() {
    return new PolicyJson.Past(policies.history(null));
  }

  @GET
  @Path("/groups/{name}/history")
  public PolicyJson.Past groupHistory(@PathParam("name") String name) {
    return new PolicyJson.Past(policies.groupHistory(name));
  }

  @GET
  @Path("/groups")
  @Operation(summary = "The policies of groups: models that are called or tagged alike")
  public PolicyJson.Groups groups() {
    return new PolicyJson.Groups(policies.groups());
  }

  @GET
  @Path("/groups/{name}")
  @APIResponseSchema(value = Policy.class, responseCode = "200")
  public Response group(@PathParam("name") String name) {
    return PolicyJson.tagged(policies.group(name));
  }

  @PUT
  @Path("/groups/{name}")
  @Operation(summary = "Put a group's policy in force, and say which models it holds for")
  @APIResponseSchema(value = Policy.class, responseCode = "200")
  public Response putGroup(
      @PathParam("name") String name,
      @RequestBody(content = @Content(schema = @Schema(implementation = Policy.class)))
          JsonNode body,
      @HeaderParam("If-Match") String expected)
      throws JsonProcessingException {
    return PolicyJson.tagged(policies.changeGroup(
        callers.current(), json.group(name, body), json.rules(body), Web.revision(expected)));
  }

  @DELETE
  @Path("/groups/{name}")
  public void deleteGroup(@PathParam("name") String name) {
    policies.withdrawGroup(callers.current(), name);
  }
}
