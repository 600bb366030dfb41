package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

/** {@code /graphql}: the queries of MLflow's own pages. An answer to a query is a 200, its errors are texts inside. */
@Path("/graphql")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class GraphqlResource {
  private final GraphqlQueries queries;
  private final Requests requests;

  GraphqlResource(GraphqlQueries queries, Requests requests) {
    this.queries = queries;
    this.requests = requests;
  }

  @GET
  public JsonNode get(@Context UriInfo uri, byte[] body) {
    return answer(requests.get(uri, body));
  }

  @POST
  public JsonNode post(@Context HttpHeaders headers, byte[] body) {
    return answer(requests.post(headers, body));
  }

  private JsonNode answer(MlflowRequest request) {
    return queries.answer(
        request.requiredText("query"),
        request.object("variables"),
        request.filledOrNull("operationName"));
  }
}
