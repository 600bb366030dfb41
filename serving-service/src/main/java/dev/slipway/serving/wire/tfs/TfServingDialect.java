package dev.slipway.serving.wire.tfs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceRequest;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.Protocol;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpDialect;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.JsonTensors;
import dev.slipway.serving.wire.table.RowWriter;
import dev.slipway.serving.wire.table.Rows;
import dev.slipway.serving.wire.table.ScoreObjects;
import dev.slipway.serving.wire.table.TableReader;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Set;

/** The form of a predict request and its answer: row in, row out; column in, column out. */
@Singleton
class TfServingDialect implements HttpDialect {
  private static final String SIGNATURE = "serving_default";

  private final JsonBody json;

  TfServingDialect(JsonBody json) {
    this.json = json;
  }

  @Override
  public Protocol protocol() {
    return Protocol.TF_SERVING;
  }

  @Override
  public boolean covers(String path) {
    return path.equals("/v1") || path.startsWith("/v1/");
  }

  @Override
  public Call parse(HttpRequest request) throws InferenceException {
    try (var memory = new TensorMemory(json.maxElements())) {
      boolean byRow =
          json.read(request.body(), 0, request.length(), parser -> body(parser, request, memory));
      InferenceRequest read = memory.request(null, Set.of(), request.head().timeoutMicros());
      Rows rows = Rows.of(request, read.inputs());
      return new Call(read, response -> byRow ? rows(response, rows) : columns(response));
    }
  }

  private boolean body(JsonParser parser, HttpRequest request, TensorMemory memory)
      throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_OBJECT, "the request");
    var table = new TableReader(json, request, ElementRules.TF_SERVING, memory);
    String form = null;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      switch (field) {
        case "signature_name" -> signature(parser);
        case "instances", "inputs" -> {
          if (form != null) {
            throw InferenceException.badInput("give one of 'instances' and 'inputs', not both");
          }
          form = field;
          if (field.equals("instances")) {
            table.rows(parser, "'instances'");
          } else {
            table.tensors(parser, "'inputs'");
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (form == null) {
      throw InferenceException.badInput("give one of 'instances' and 'inputs'");
    }
    return form.equals("instances");
  }

  private static void signature(JsonParser parser) throws IOException, InferenceException {
    String name = JsonBody.string(parser, "'signature_name'");
    if (!name.isEmpty() && !name.equals(SIGNATURE)) {
      throw InferenceException.badInput(
          "'signature_name': the model has only '" + SIGNATURE + "', got '" + name + "'");
    }
  }

  /** By its name: TensorFlow Serving's api_rest.md, "Encoding binary values". Other outputs' strings are text. */
  private static boolean isBinary(Tensor tensor) {
    return tensor.name().endsWith("_bytes");
  }

  private static Payload rows(InferenceResponse response, Rows rows) throws InferenceException {
    return Payload.json(JsonTensors.document(TfServingDialect::isBinary, (out, tensors) -> {
      out.writeStartObject();
      out.writeFieldName("predictions");
      RowWriter.write(out, tensors, response.tensors(), rows, true, ScoreObjects.NONE);
      out.writeEndObject();
    }));
  }

  private static Payload columns(InferenceResponse response) throws InferenceException {
    return Payload.json(JsonTensors.document(TfServingDialect::isBinary, (out, tensors) -> {
      out.writeStartObject();
      out.writeFieldName("outputs");
      if (response.tensors().size() == 1) {
        tensors.nested(response.tensors().getFirst());
      } else {
        out.writeStartObject();
        for (Tensor tensor : response.tensors()) {
          out.writeFieldName(tensor.name());
          tensors.nested(tensor);
        }
        out.writeEndObject();
      }
      out.writeEndObject();
    }));
  }

  @Override
  public Payload error(InferenceException error, HttpHead head) {
    return error(error.getMessage());
  }

  static Payload error(String message) {
    return Payload.object(Payload.JSON, out -> out.writeStringField("error", message));
  }
}
