package dev.slipway.serving.wire.mlflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.engine.AnswerForm;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
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
import dev.slipway.serving.wire.table.CsvReader;
import dev.slipway.serving.wire.table.FrameReader;
import dev.slipway.serving.wire.table.RowWriter;
import dev.slipway.serving.wire.table.Rows;
import dev.slipway.serving.wire.table.TableReader;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Set;

/**
 * The form of a scoring request and its answer. A data frame in (split, records, CSV) gives records out, as MLflow's ONNX flavor
 * answers a frame; tensors in (instances, inputs) give named tensors out. What other flavors answer: {@link AnswerForm}.
 */
@Singleton
class MlflowDialect implements HttpDialect {
  private static final Set<String> FORMS =
      Set.of("dataframe_split", "dataframe_records", "instances", "inputs");

  private final JsonBody json;

  MlflowDialect(JsonBody json) {
    this.json = json;
  }

  @Override
  public Protocol protocol() {
    return Protocol.MLFLOW;
  }

  @Override
  public boolean covers(String path) {
    return path.endsWith("/invocations");
  }

  @Override
  public Call parse(HttpRequest request) throws InferenceException {
    try (var memory = new TensorMemory(json.maxElements())) {
      boolean frame = read(request, memory);
      InferenceRequest read = memory.request(null, Set.of(), request.head().timeoutMicros());
      Rows rows = Rows.of(request.signature(), read.inputs());
      return new Call(read, writer(request.answerForm(), frame, rows));
    }
  }

  private static Writer writer(AnswerForm form, boolean frame, Rows rows) {
    return switch (form) {
      case NAMED -> frame ? response -> records(response, rows) : MlflowDialect::tensors;
      case ARRAY -> MlflowDialect::array;
      case NUMBERED -> frame ? MlflowDialect::numbered : MlflowDialect::array;
    };
  }

  private boolean read(HttpRequest request, TensorMemory memory) throws InferenceException {
    if (request.head().isOfType("text/csv")) {
      new CsvReader(request, json.maxElements(), true, memory).read();
      return true;
    }
    if (!request.head().isOfType("application/json")) {
      throw new InferenceException(
          Kind.UNSUPPORTED,
          "Content-Type: expected application/json or text/csv, got "
              + (request.head().contentType() == null ? "none" : request.head().contentType()));
    }
    return json.read(request.body(), 0, request.length(), parser -> body(parser, request, memory));
  }

  private boolean body(JsonParser parser, HttpRequest request, TensorMemory memory)
      throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_OBJECT, "the request");
    String form = null;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      if (field.equals("params")) {
        new ParamsReader(request.params()).read(parser);
        continue;
      }
      if (!FORMS.contains(field)) {
        parser.skipChildren();
        continue;
      }
      if (form != null) {
        throw InferenceException.badInput(
            "give one of " + forms() + ", not '" + form + "' and '" + field + "'");
      }
      form = isRecords(field, parser, request) ? "dataframe_records" : field;
      form(form, parser, request, memory);
    }
    if (form == null) {
      throw InferenceException.badInput("give one of " + forms());
    }
    return form.startsWith("dataframe");
  }

  /** Rows with names, for a model whose columns have some, are a frame in either form. */
  private boolean isRecords(String form, JsonParser parser, HttpRequest request)
      throws IOException, InferenceException {
    if (request.columns().isEmpty()
        || form.startsWith("dataframe")
        || parser.currentToken() != JsonToken.START_ARRAY) {
      return false;
    }
    int at = (int) parser.currentTokenLocation().getByteOffset();
    return json.again(
        request.body(), at, request.length(), ahead -> ahead.nextToken() == JsonToken.START_OBJECT);
  }

  private static String forms() {
    return "'dataframe_split', 'dataframe_records', 'instances' and 'inputs'";
  }

  private void form(String form, JsonParser parser, HttpRequest request, TensorMemory memory)
      throws IOException, InferenceException {
    var frame = new FrameReader(json, request, memory);
    var table = new TableReader(json, request, ElementRules.TF_SERVING, memory);
    String what = "'" + form + "'";
    switch (form) {
      case "dataframe_split" -> frame.split(parser, what);
      case "dataframe_records" -> frame.records(parser, what);
      case "instances" -> table.rows(parser, what);
      default -> table.tensors(parser, what);
    }
  }

  private static Payload predictions(JsonTensors.Writing value) throws InferenceException {
    return Payload.json(JsonTensors.document((out, tensors) -> {
      out.writeStartObject();
      out.writeFieldName("predictions");
      value.write(out, tensors);
      out.writeEndObject();
    }));
  }

  private static Payload records(InferenceResponse response, Rows rows) throws InferenceException {
    return predictions(
        (out, tensors) -> RowWriter.write(out, tensors, response.tensors(), rows, false));
  }

  private static Payload array(InferenceResponse response) throws InferenceException {
    return predictions((_, tensors) -> tensors.nested(response.tensors().getFirst()));
  }

  /** What pandas makes of an array: it has no rows for one of more dimensions. */
  private static Payload numbered(InferenceResponse response) throws InferenceException {
    Tensor only = response.tensors().getFirst();
    int rank = only.shape().rank();
    return rank == 1 || rank == 2
        ? predictions((out, tensors) -> RowWriter.numbered(out, tensors, only))
        : array(response);
  }

  private static Payload tensors(InferenceResponse response) throws InferenceException {
    return predictions((out, tensors) -> {
      out.writeStartObject();
      for (Tensor tensor : response.tensors()) {
        out.writeFieldName(tensor.name());
        tensors.nested(tensor);
      }
      out.writeEndObject();
    });
  }

  @Override
  public Payload error(InferenceException error, HttpHead head) {
    return Payload.object(Payload.JSON, out -> {
      out.writeStringField("error_code", code(error.kind()));
      out.writeStringField("message", error.getMessage());
    });
  }

  private static String code(Kind kind) {
    return switch (kind) {
      case BAD_INPUT, TOO_SLOW, TOO_LARGE, UNSUPPORTED, NOT_ALLOWED, NOT_ACCEPTABLE ->
        "BAD_REQUEST";
      case BAD_PARAMETER -> "INVALID_PARAMETER_VALUE";
      case NOT_FOUND -> "RESOURCE_DOES_NOT_EXIST";
      case BUSY -> "REQUEST_LIMIT_EXCEEDED";
      case FAILED -> "INTERNAL_ERROR";
      case NOT_OFFERED -> "NOT_IMPLEMENTED";
      case NOT_READY, NO_MEMORY -> "TEMPORARILY_UNAVAILABLE";
      case DEADLINE -> "DEADLINE_EXCEEDED";
    };
  }
}
