package dev.slipway.serving.wire.mlflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.engine.FrameColumn;
import dev.slipway.serving.engine.SignatureKind;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.table.CsvReader;
import dev.slipway.serving.wire.table.FrameReader;
import dev.slipway.serving.wire.table.TableReader;
import dev.slipway.serving.wire.table.TableRules;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Reads a scoring request's data, in the form that it has. */
final class InvocationReader {
  private static final Set<String> FORMS =
      Set.of("dataframe_split", "dataframe_records", "instances", "inputs");

  private final JsonBody json;
  private final HttpRequest request;
  private final TensorMemory memory;

  InvocationReader(JsonBody json, HttpRequest request, TensorMemory memory) {
    this.json = json;
    this.request = request;
    this.memory = memory;
  }

  /** Answers whether it was a data frame. */
  boolean read() throws InferenceException {
    if (request.head().isOfType("text/csv")) {
      csv();
      return true;
    }
    if (!request.head().isOfType("application/json")) {
      throw new InferenceException(
          Kind.UNSUPPORTED,
          "Content-Type: expected application/json or text/csv, got "
              + (request.head().contentType() == null ? "none" : request.head().contentType()));
    }
    return json.read(request.body(), 0, request.length(), this::body);
  }

  /** MLflow cannot read CSV for tensors, and so never comes to enforce their signature. */
  private void csv() throws InferenceException {
    try {
      new CsvReader(request, json.maxElements(), true, memory).read();
    } catch (InferenceException e) {
      throw told(e, isSigned() && !request.signatureKind().isTensors());
    }
  }

  /** A mistake in the body's form is told before one in its data: MLflow's server ({@code infer_and_parse_data}) has read all of it by then. */
  private boolean body(JsonParser parser) throws IOException, InferenceException {
    try {
      return form(parser, true).startsWith("dataframe");
    } catch (InferenceException e) {
      json.again(request.body(), 0, request.length(), again -> form(again, false));
      throw e;
    }
  }

  /**
   * The name of the one form that the body has.
   *
   * @param reading whether what it holds is read too
   */
  private String form(JsonParser parser, boolean reading) throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_OBJECT, "the request");
    String form = null;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      if (FORMS.contains(field)) {
        if (form != null) {
          throw InferenceException.badInput(
              "give one of " + forms() + ", not '" + form + "' and '" + field + "'");
        }
        form = field;
        if (reading) {
          data(form, parser);
          continue;
        }
      } else if (reading && field.equals("params")) {
        new ParamsReader(request.params()).read(parser);
        continue;
      }
      parser.skipChildren();
    }
    if (form == null) {
      throw InferenceException.badInput("give one of " + forms());
    }
    return form;
  }

  private static String forms() {
    return "'dataframe_split', 'dataframe_records', 'instances' and 'inputs'";
  }

  private void data(String form, JsonParser parser) throws IOException, InferenceException {
    boolean enforced = isEnforced(form, parser.currentToken());
    try {
      values(form, parser);
      if (enforced) {
        new SignatureCheck(request.signature()).inputs(memory.tensors());
      }
    } catch (InferenceException e) {
      throw told(e, enforced);
    }
  }

  /** A signature without names has an array or a value before it is enforced ({@code parse_inputs_data}). */
  private boolean isEnforced(String form, JsonToken value) {
    boolean array = value != JsonToken.START_OBJECT && value != JsonToken.VALUE_NULL;
    return isSigned()
        && (array || form.startsWith("dataframe") || !request.signatureKind().isUnnamed());
  }

  /**
   * What does not fit a signature is an invalid parameter (mlflow.models.utils._enforce_schema); a value of another type is none, for the server
   * fails to convert it before, and without a signature it is the model that fails.
   */
  private static InferenceException told(InferenceException error, boolean enforced) {
    return enforced && error.isMisfit()
        ? new InferenceException(Kind.BAD_PARAMETER, error.getMessage())
        : error;
  }

  private boolean isSigned() {
    return request.signatureKind() != SignatureKind.NONE;
  }

  private void values(String form, JsonParser parser) throws IOException, InferenceException {
    var frame = new FrameReader(json, request, memory);
    String what = "'" + form + "'";
    if (form.equals("dataframe_split")) {
      frame.split(parser, what);
    } else if (form.equals("dataframe_records") || isRecords(parser)) {
      frame.records(parser, what);
    } else if (isColumns(parser)) {
      frame.columns(parser);
    } else if (form.equals("instances") && parser.currentToken() != JsonToken.START_OBJECT) {
      table().rows(parser, what);
    } else {
      table().tensors(parser, what);
    }
  }

  private TableReader table() {
    return new TableReader(
        json,
        request,
        ElementRules.DATA_FRAME,
        memory,
        isSigned() ? TableRules.MLFLOW : TableRules.EXACT);
  }

  /** Rows with names, for a model whose signature has columns, are a frame in any form. */
  private boolean isRecords(JsonParser parser) throws IOException, InferenceException {
    return request.signatureKind().isColumns()
        && parser.currentToken() == JsonToken.START_ARRAY
        && ahead(parser, ahead -> ahead.nextToken() == JsonToken.START_OBJECT && !isBase64(ahead));
  }

  private static boolean isBase64(JsonParser parser) throws IOException {
    return "b64".equals(parser.nextFieldName());
  }

  /**
   * Columns by name are a frame too. Where each is an input of the model, lists of lists are taken for that input, and where all are
   * one matrix, the matrix by the name of its input.
   */
  private boolean isColumns(JsonParser parser) throws IOException, InferenceException {
    List<FrameColumn> columns = request.columns();
    if (columns.isEmpty()
        || parser.currentToken() != JsonToken.START_OBJECT
        || columns.stream().anyMatch(InvocationReader::isOwnValue)) {
      return false;
    }
    return ahead(parser, ahead -> {
      String name = ahead.nextFieldName();
      boolean column = columns.stream().anyMatch(one -> one.name().equals(name));
      boolean input = request.signature().input(String.valueOf(name)).isPresent();
      return column ? !input || isFlat(ahead) : name != null && !input && !name.equals("b64");
    });
  }

  /** Bytes, which are base64 in a frame alone, and arrays, whose columns cannot be told from one row: as the model's input has it. */
  private static boolean isOwnValue(FrameColumn column) {
    return column.type() == FrameColumn.Type.BINARY || column.type() == FrameColumn.Type.OTHER;
  }

  private static boolean isFlat(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    JsonToken value = first == JsonToken.START_ARRAY ? parser.nextToken() : first;
    return value.isScalarValue() || value == JsonToken.END_ARRAY;
  }

  private boolean ahead(JsonParser parser, JsonBody.Reading<Boolean> reading)
      throws IOException, InferenceException {
    int at = (int) parser.currentTokenLocation().getByteOffset();
    return json.again(request.body(), at, request.length(), reading);
  }
}
