package dev.slipway.serving.wire.friendly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.table.CsvWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The OpenAPI 3.1 document of one version's friendly endpoint. */
final class OpenApiDocument {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final String REQUEST = "#/components/schemas/Request";
  private static final String ANSWER = "#/components/schemas/Answer";
  private static final String PROBLEM = "#/components/schemas/Problem";
  private static final Map<Kind, String> ERRORS = Map.of(
      Kind.BAD_INPUT, "The request does not fit the model.",
      Kind.NOT_FOUND, "No such model or version answers here.",
      Kind.NOT_ACCEPTABLE, "No form of answer that the caller takes.",
      Kind.TOO_LARGE, "The request is too large.",
      Kind.UNSUPPORTED, "The body is neither JSON nor CSV.",
      Kind.BUSY, "Too many requests wait for this model.",
      Kind.NOT_READY, "The model is not loaded yet, or the gateway has no memory left now.",
      Kind.DEADLINE, "The deadline passed.");

  private final ServableHandle handle;
  private final boolean live;
  private final ModelSignature signature;
  private final Optional<ObjectNode> example;
  private final RequestSchemas requests;

  private OpenApiDocument(ServableHandle handle, boolean live) {
    this.handle = handle;
    this.live = live;
    this.signature = handle.loaded().signature();
    this.example = Examples.json(handle.loaded());
    this.requests = new RequestSchemas(signature, example);
  }

  /**
   * The document as UTF-8.
   *
   * @param live whether it describes the path that follows the live version, and not the version's own
   */
  static byte[] of(ServableHandle handle, boolean live) throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter()
        .writeValueAsBytes(new OpenApiDocument(handle, live).document());
  }

  private ObjectNode document() {
    ObjectNode document = JSON.createObjectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", handle.model())
        .put("version", Integer.toString(handle.version()))
        .put(
            "description",
            (live ? "The live version, now " : "Version ") + handle.version() + " of '"
                + handle.model() + "'. Digest " + handle.digest().value() + ".");
    document.putArray("servers").addObject().put("url", "/");
    operation(document.putObject("paths").putObject(path()).putObject("post"));
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    requests.addTo(schemas);
    schemas.set("Answer", answer());
    schemas.set("Problem", problem());
    return document;
  }

  private String path() {
    String name = URLEncoder.encode(handle.model(), StandardCharsets.UTF_8).replace("+", "%20");
    return "/models/" + name + (live ? "" : "/versions/" + handle.version()) + "/predict";
  }

  private void operation(ObjectNode operation) {
    operation.put("operationId", "predict").put("summary", "Predict with " + handle.model());
    ObjectNode timeout = operation.putArray("parameters").addObject();
    timeout
        .put("name", "X-Slipway-Timeout-Ms")
        .put("in", "header")
        .put("description", "How long the caller waits, in milliseconds.")
        .putObject("schema")
        .put("type", "integer")
        .put("minimum", 1);
    ObjectNode body = operation.putObject("requestBody").put("required", true);
    ObjectNode content = body.putObject("content");
    ObjectNode json = content.putObject("application/json");
    requests.body(json.putObject("schema"), REQUEST);
    example.ifPresentOrElse(
        shown -> json.set("example", shown),
        () -> body.put("description", "No example: the inputs are too large to be pasted."));
    Examples.csv(signature, handle.loaded().columns()).ifPresent(text -> {
      ObjectNode csv = content.putObject(CsvWriter.TYPE);
      csv.putObject("schema").put("type", "string");
      csv.put("example", text);
    });
    responses(operation.putObject("responses"));
  }

  private static void responses(ObjectNode responses) {
    ObjectNode ok = responses.putObject("200").put("description", "The model's outputs.");
    ObjectNode content = ok.putObject("content");
    content.putObject("application/json").putObject("schema").put("$ref", ANSWER);
    content.putObject(CsvWriter.TYPE).putObject("schema").put("type", "string");
    ERRORS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(error -> {
      ObjectNode response = responses
          .putObject(Integer.toString(error.getKey().httpStatus()))
          .put("description", error.getValue());
      response
          .putObject("content")
          .putObject("application/problem+json")
          .putObject("schema")
          .put("$ref", PROBLEM);
    });
  }

  private ObjectNode answer() {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    schema.putArray("required").add("model").add("version").add("digest").add("outputs");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("model").put("type", "string");
    properties.putObject("version").put("type", "integer");
    properties.putObject("digest").put("type", "string");
    properties.set("outputs", RequestSchemas.tensors(signature.outputs(), TensorSchemas::of));
    return schema;
  }

  private static ObjectNode problem() {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    schema.put("description", "RFC 9457").putArray("required").add("type").add("status");
    ObjectNode properties = schema.putObject("properties");
    for (String name : List.of("type", "title", "detail", "request_id")) {
      properties.putObject(name).put("type", "string");
    }
    properties.putObject("status").put("type", "integer");
    return schema;
  }
}
