package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.registry.api.LargeBody;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.Lineage;
import dev.slipway.registry.tracking.ModelOutput;
import dev.slipway.registry.tracking.RunLog;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code runs/*}: what a run logs. */
@Path("/api/2.0/mlflow/runs")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class RunLogResource {
  /** A dataset's profile has up to 16 MiB of JSON, which is quoted here. */
  private static final int MOST_INPUT_MEBIBYTES = 40;

  private static final List<String> MODEL_FIELDS =
      List.of("artifact_path", "flavors", "utc_time_created", "run_id");

  private final RunLog log;
  private final Lineage lineage;
  private final Requests requests;
  private final ObjectMapper json;

  RunLogResource(RunLog log, Lineage lineage, Requests requests, ObjectMapper json) {
    this.log = log;
    this.lineage = lineage;
    this.requests = requests;
    this.json = json;
  }

  @POST
  @Path("log-metric")
  public Messages.Empty metric(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    log.metric(request.runId(), Fields.metric(request));
    return new Messages.Empty();
  }

  @POST
  @Path("log-parameter")
  public Messages.Empty param(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    log.param(request.runId(), new KeyValue(request.requiredText("key"), request.text("value")));
    return new Messages.Empty();
  }

  @POST
  @Path("log-batch")
  public Messages.Empty batch(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    log.batch(
        request.requiredText("run_id"),
        request.messages("metrics").stream().map(Fields::metric).toList(),
        Fields.pairs(request, "params"),
        Fields.pairs(request, "tags"));
    return new Messages.Empty();
  }

  @POST
  @Path("set-tag")
  public Messages.Empty setTag(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    log.tag(request.runId(), new KeyValue(request.requiredText("key"), request.text("value")));
    return new Messages.Empty();
  }

  @POST
  @Path("delete-tag")
  public Messages.Empty deleteTag(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    log.deleteTag(request.requiredText("run_id"), request.requiredText("key"));
    return new Messages.Empty();
  }

  @POST
  @Path("log-inputs")
  @LargeBody(mebibytes = MOST_INPUT_MEBIBYTES)
  public Messages.Empty inputs(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    lineage.inputs(
        request.requiredText("run_id"),
        request.messages("datasets").stream().map(Fields::datasetInput).toList(),
        request.messages("models").stream()
            .map(model -> model.requiredText("model_id"))
            .toList());
    return new Messages.Empty();
  }

  @POST
  @Path("outputs")
  public Messages.Empty outputs(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String runId = request.requiredText("run_id");
    request.require("models");
    lineage.outputs(
        runId,
        request.messages("models").stream()
            .map(model -> new ModelOutput(model.requiredText("model_id"), model.number("step", 0)))
            .toList());
    return new Messages.Empty();
  }

  @POST
  @Path("log-model")
  public Messages.Empty model(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    String runId = request.requiredText("run_id");
    log.model(runId, description(request.requiredText("model_json")));
    return new Messages.Empty();
  }

  private ObjectNode description(String text) {
    JsonNode content;
    try {
      content = json.readTree(text);
    } catch (JsonProcessingException notJson) {
      throw MlflowException.invalid(
          "Malformed model info. \n " + text + " \n is not a valid JSON.");
    }
    List<String> missing =
        MODEL_FIELDS.stream().filter(field -> !content.has(field)).toList();
    if (!missing.isEmpty() || !(content instanceof ObjectNode object)) {
      throw MlflowException.invalid("Model json is missing mandatory fields: " + missing);
    }
    return object;
  }
}
