package dev.slipway.serving.wire.friendly;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.predict.Protocol;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpDialect;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.JsonTensors;
import dev.slipway.serving.wire.table.CsvReader;
import dev.slipway.serving.wire.table.CsvWriter;
import dev.slipway.serving.wire.table.Rows;
import dev.slipway.serving.wire.table.TableReader;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The form of a friendly request, its answer and its errors. */
@Singleton
class FriendlyDialect implements HttpDialect {
  private static final String FORMS =
      "give one of \"rows\": [...], \"columns\": {...} and \"inputs\": {...}";

  private final JsonBody json;

  FriendlyDialect(JsonBody json) {
    this.json = json;
  }

  @Override
  public Protocol protocol() {
    return Protocol.FRIENDLY;
  }

  /** What no other protocol has; the gateway's own pages among it. */
  @Override
  public boolean covers(String path) {
    return false;
  }

  @Override
  public Call parse(HttpRequest request) throws InferenceException {
    Form form = Form.of(request.head());
    try (var memory = new TensorMemory(json.maxElements())) {
      Set<String> outputs = new LinkedHashSet<>();
      if (form.csvCame()) {
        new CsvReader(request, json.maxElements(), false, memory).read();
      } else {
        var table = new TableReader(json, request, ElementRules.STRICT, memory);
        json.read(request.body(), 0, request.length(), parser -> {
          body(parser, table, new SignatureCheck(request.signature()), outputs);
          return memory;
        });
      }
      long timeout = request.head().timeoutMicros();
      Rows rows = Rows.of(request, memory.tensors());
      return new Call(
          memory.request(null, outputs, timeout),
          form.csvWanted() ? response -> CsvWriter.write(response, rows) : FriendlyDialect::write);
    }
  }

  private static void body(
      JsonParser parser, TableReader table, SignatureCheck check, Set<String> outputs)
      throws IOException, InferenceException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      table.rows(parser, "the rows");
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw InferenceException.badInput(
          FORMS + ", or a list of rows; got " + JsonBody.describe(parser));
    }
    String form = null;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      if (field.equals("outputs")) {
        outputs(parser, check, outputs);
        continue;
      }
      if (form != null) {
        throw InferenceException.badInput(
            FORMS + ", not '" + form + "' and '" + Echo.of(field) + "'");
      }
      form = field;
      switch (field) {
        case "rows" -> table.rows(parser, "'rows'");
        case "columns" -> table.columns(parser, "'columns'");
        case "inputs" -> table.tensors(parser, "'inputs'");
        default -> throw InferenceException.badInput(FORMS + "; got '" + Echo.of(field) + "'");
      }
    }
    if (form == null) {
      throw InferenceException.badInput(FORMS + "; got none of them");
    }
  }

  private static void outputs(JsonParser parser, SignatureCheck check, Set<String> outputs)
      throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_ARRAY, "'outputs'");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String name = JsonBody.string(parser, "an output's name");
      check.output(name);
      outputs.add(name);
    }
  }

  private static Payload write(InferenceResponse response) throws InferenceException {
    return Payload.json(JsonTensors.document((out, tensors) -> {
      out.writeStartObject();
      out.writeStringField("model", response.model());
      out.writeNumberField("version", response.version());
      out.writeStringField("digest", response.digest().value());
      out.writeObjectFieldStart("outputs");
      for (Tensor tensor : response.tensors()) {
        out.writeFieldName(tensor.name());
        tensors.nested(tensor);
      }
      out.writeEndObject();
      out.writeEndObject();
    }));
  }

  @Override
  public Payload error(InferenceException error, HttpHead head) {
    String slug = error.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return Payload.object("application/problem+json", out -> {
      out.writeStringField("type", "urn:slipway:problem:" + slug);
      out.writeStringField("title", title(error.kind()));
      out.writeNumberField("status", error.kind().httpStatus());
      out.writeStringField("detail", error.getMessage());
      out.writeStringField("request_id", head.requestId());
    });
  }

  private static String title(InferenceException.Kind kind) {
    return switch (kind) {
      case BAD_INPUT, BAD_PARAMETER -> "The request does not fit the model";
      case NOT_FOUND -> "No version answers";
      case NOT_ALLOWED -> "Another method is wanted";
      case NOT_ACCEPTABLE -> "No form of answer that the caller takes";
      case TOO_SLOW -> "The request came too slowly";
      case TOO_LARGE -> "The request is too large";
      case UNSUPPORTED -> "The content is not read here";
      case BUSY -> "Too many requests";
      case FAILED -> "The prediction failed";
      case NOT_OFFERED -> "Not offered";
      case NOT_READY -> "Not ready yet";
      case NO_MEMORY -> "No memory left";
      case DEADLINE -> "The deadline passed";
    };
  }
}
