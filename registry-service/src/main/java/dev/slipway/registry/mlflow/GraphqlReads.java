package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;

/** The reads behind the GraphQL fields: those of the REST calls, asked with the same fields and answering the same messages. */
@ApplicationScoped
class GraphqlReads {
  private static final String EXPERIMENTS = "experiments";
  private static final String VERSIONS = "versions";

  private final RunsResource runs;
  private final ExperimentsResource experiments;
  private final MetricsResource metrics;
  private final RunArtifactsResource artifacts;
  private final ModelVersionsResource versions;
  private final ObjectMapper json;

  GraphqlReads(
      RunsResource runs,
      ExperimentsResource experiments,
      MetricsResource metrics,
      RunArtifactsResource artifacts,
      ModelVersionsResource versions,
      ObjectMapper json) {
    this.runs = runs;
    this.experiments = experiments;
    this.metrics = metrics;
    this.artifacts = artifacts;
    this.versions = versions;
    this.json = json;
  }

  Map<String, DataFetcher<?>> queries() {
    return Map.of(
        "mlflowGetExperiment", call(experiments::get),
        "mlflowGetRun", call(runs::get),
        "mlflowSearchRuns", call(runs::search),
        "mlflowGetMetricHistoryBulkInterval", call(metrics::interval),
        "mlflowListArtifacts", call(artifacts::list),
        "mlflowSearchModelVersions", call(versions::search),
        "test", GraphqlReads::echo);
  }

  Map<String, DataFetcher<?>> mutations() {
    return Map.of(
        "mlflowSearchRuns", call(runs::search),
        "mlflowSearchDatasets", call(experiments::datasets),
        "testMutation", GraphqlReads::echo);
  }

  /** What a run's message does not hold, looked up for all runs of an answer at once. */
  Map<String, DataFetcher<?>> ofRuns() {
    return Map.of(
        "experiment", ofRun(EXPERIMENTS, "experiment_id"),
        "modelVersions", ofRun(VERSIONS, "run_id"));
  }

  /** For one query. */
  DataLoaderRegistry loaders() {
    return DataLoaderRegistry.newRegistry()
        .register(EXPERIMENTS, DataLoaderFactory.newMappedDataLoader(this::experimentsById))
        .register(VERSIONS, DataLoaderFactory.newMappedDataLoader(this::versionsByRun))
        .build();
  }

  private DataFetcher<JsonNode> call(Function<MlflowRequest, Object> operation) {
    return asked -> {
      ObjectNode fields = json.createObjectNode();
      Map<String, Object> input = asked.getArgument("input");
      Objects.requireNonNullElse(input, Map.<String, Object>of())
          .forEach((name, value) -> fields.set(GraphqlSchema.wire(name), json.valueToTree(value)));
      return json.valueToTree(operation.apply(MlflowRequest.ofBody(fields)));
    };
  }

  private static Map<String, Object> echo(DataFetchingEnvironment asked) {
    Map<String, Object> echo = new HashMap<>();
    echo.put("output", asked.getArgument("inputString"));
    return echo;
  }

  private static DataFetcher<CompletableFuture<JsonNode>> ofRun(String loader, String key) {
    return asked -> {
      JsonNode run = asked.getSource();
      return asked
          .<String, JsonNode>getDataLoader(loader)
          .load(run.path("info").path(key).asText());
    };
  }

  private CompletionStage<Map<String, JsonNode>> experimentsById(Set<String> ids) {
    return CompletableFuture.completedFuture(ids.stream()
        .collect(Collectors.toMap(
            Function.identity(),
            id -> json.<ObjectNode>valueToTree(experiments.get(request("experiment_id", id)))
                .path("experiment"))));
  }

  private CompletionStage<Map<String, JsonNode>> versionsByRun(Set<String> runIds) {
    String filter = runIds.stream().collect(Collectors.joining("','", "run_id IN ('", "')"));
    Map<String, JsonNode> found = new HashMap<>();
    JsonNode answer = json.valueToTree(versions.search(request("filter", filter)));
    runIds.forEach(run -> found.put(run, json.createArrayNode()));
    answer
        .path("model_versions")
        .forEach(version -> ((ArrayNode) found.get(version.path("run_id").asText())).add(version));
    return CompletableFuture.completedFuture(found);
  }

  private MlflowRequest request(String field, String value) {
    return MlflowRequest.ofBody(json.createObjectNode().put(field, value));
  }
}
