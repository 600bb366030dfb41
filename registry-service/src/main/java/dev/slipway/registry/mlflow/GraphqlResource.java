package dev.slipway.registry.mlflow;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code /graphql}: the queries of MLflow's own pages, which this registry does not serve; the REST calls answer the same. */
@Path("/graphql")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
class GraphqlResource {
  @GET
  public void get() {
    throw refusal();
  }

  @POST
  public void post() {
    throw refusal();
  }

  private static MlflowException refusal() {
    return new MlflowException(
        ErrorCode.NOT_IMPLEMENTED,
        "This registry does not offer MLflow's GraphQL; its REST API has runs/get, runs/search and model-versions/search.");
  }
}
