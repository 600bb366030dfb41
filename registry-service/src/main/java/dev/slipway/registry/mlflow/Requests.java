package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;

/** Makes {@link MlflowRequest}s of what came over HTTP. */
@ApplicationScoped
class Requests {
  private final ObjectMapper json;
  private final ObjectReader lenient;

  Requests(ObjectMapper json) {
    this.json = json;
    // Python's json writes and reads a bare NaN. It wants nothing behind the object.
    this.lenient = json.reader()
        .with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * A POST or PUT: its body must say that it is JSON.
   *
   * @throws MlflowException for another content type; a body that is no JSON object counts as empty, as in MLflow
   */
  MlflowRequest post(HttpHeaders headers, byte[] body) {
    String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
    if (type == null || type.isBlank()) {
      throw MlflowException.invalid("Bad Request. Content-Type header is missing.");
    }
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw MlflowException.invalid(
          "Bad Request. Content-Type must be one of ['application/json'].");
    }
    return body(body);
  }

  /** A PATCH or DELETE: MLflow does not look at its content type. */
  MlflowRequest body(byte[] body) {
    return MlflowRequest.ofBody(object(body));
  }

  /** A GET: its query parameters, or the JSON body of old clients that send none. */
  MlflowRequest get(UriInfo uri, byte[] body) {
    MultivaluedMap<String, String> parameters = uri.getQueryParameters();
    if (parameters.isEmpty()) {
      return body(body);
    }
    ObjectNode fields = json.createObjectNode();
    parameters.forEach((name, values) -> put(fields, name, values));
    return MlflowRequest.ofQuery(fields);
  }

  private static void put(ObjectNode fields, String name, List<String> values) {
    if (values.size() == 1) {
      fields.put(name, values.getFirst());
    } else {
      ArrayNode array = fields.putArray(name);
      values.forEach(array::add);
    }
  }

  private ObjectNode object(byte[] body) {
    JsonNode content = read(body);
    if (content != null && content.isTextual()) {
      // Old clients send their JSON encoded twice.
      content = read(content.textValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return content instanceof ObjectNode object ? object : json.createObjectNode();
  }

  private JsonNode read(byte[] body) {
    if (body == null || body.length == 0) {
      return null;
    }
    try {
      return lenient.readTree(body);
    } catch (IOException notJson) {
      return null;
    }
  }
}
