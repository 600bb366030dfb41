package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.language.Document;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Answers GraphQL queries in MLflow's form. The engine is made when the first one comes. */
@ApplicationScoped
class GraphqlQueries {
  /** Writes what is null, which the answers of the REST calls leave out. */
  private static final ObjectMapper JSON = new ObjectMapper();

  private final GraphqlReads reads;
  private final GraphQL engine;

  GraphqlQueries(GraphqlReads reads) {
    this.reads = reads;
    this.engine = GraphQL.newGraphQL(GraphqlSchema.of(reads))
        .defaultDataFetcherExceptionHandler(new InOurWords())
        .build();
  }

  /**
   * The answer: {@code data}, null when nothing was read, and {@code errors}, null when there are none.
   *
   * @param operation which operation of the query; null for its only one
   * @throws MlflowException when it is no GraphQL
   */
  JsonNode answer(String query, ObjectNode variables, String operation) {
    String refusal = GraphqlLimits.refusal(parse(query));
    if (refusal != null) {
      return form(null, List.of(refusal));
    }
    ExecutionResult result = engine.execute(ExecutionInput.newExecutionInput(query)
        .operationName(operation)
        .variables(JSON.convertValue(variables, new TypeReference<Map<String, Object>>() {}))
        .dataLoaderRegistry(reads.loaders())
        .build());
    return form(
        result.getData(),
        result.getErrors().stream().map(GraphQLError::getMessage).toList());
  }

  private static Document parse(String query) {
    try {
      return Parser.parse(query);
    } catch (InvalidSyntaxException wrong) {
      throw MlflowException.invalid(wrong.getMessage());
    }
  }

  private static ObjectNode form(Object data, List<String> errors) {
    ObjectNode form = JSON.createObjectNode();
    form.set("data", JSON.valueToTree(data));
    if (errors.isEmpty()) {
      form.putNull("errors");
    } else {
      ArrayNode texts = form.putArray("errors");
      errors.forEach(texts::add);
    }
    return form;
  }

  /** A refused read says what the REST call says. */
  private static final class InOurWords implements DataFetcherExceptionHandler {
    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
        DataFetcherExceptionHandlerParameters failed) {
      Exception failure = failed.getException() instanceof Exception exception
          ? exception
          : new IllegalStateException(failed.getException());
      GraphQLError error = GraphqlErrorBuilder.newError()
          .message("%s", MlflowErrors.of(failure).getMessage())
          .path(failed.getPath())
          .location(failed.getSourceLocation())
          .build();
      return CompletableFuture.completedFuture(
          DataFetcherExceptionHandlerResult.newResult(error).build());
    }
  }
}
