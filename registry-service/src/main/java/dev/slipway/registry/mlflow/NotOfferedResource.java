package dev.slipway.registry.mlflow;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/**
 * What MLflow has and this registry has not: traces, assessments, evaluation datasets, scorers, labelling, the LLM gateway, prompt
 * optimisation, workspaces, users and roles. 501 is an answer that clients do not retry.
 */
@Path(
    "/api/{version: [23][.]0}/mlflow/{area: traces|assessments|datasets|scorers|scorer|label-schemas|review-queues|issues"
        + "|gateway|gateway-proxy|prompt-optimization|mcp-servers|jobs|genai|demo|assistant|workspaces|users|roles"
        + "|get-trace-artifact|get-online-trace-details|unified-traces|ui-telemetry}")
@MlflowDialect
class NotOfferedResource {
  @GET
  @Path("{rest: .*}")
  public void get(@PathParam("area") String area) {
    refuse(area);
  }

  @POST
  @Path("{rest: .*}")
  public void post(@PathParam("area") String area) {
    refuse(area);
  }

  @PUT
  @Path("{rest: .*}")
  public void put(@PathParam("area") String area) {
    refuse(area);
  }

  @PATCH
  @Path("{rest: .*}")
  public void patch(@PathParam("area") String area) {
    refuse(area);
  }

  @DELETE
  @Path("{rest: .*}")
  public void delete(@PathParam("area") String area) {
    refuse(area);
  }

  private static void refuse(String area) {
    throw MlflowException.notOffered(area);
  }
}
