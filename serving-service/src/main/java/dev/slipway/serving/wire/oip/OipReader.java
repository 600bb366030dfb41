package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.http.HttpHead;
import dev.slipway.serving.wire.http.HttpRequest;
import dev.slipway.serving.wire.json.JsonBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads one inference request: JSON, and binary tensors behind it when the header says so; or, where it says that there is no JSON
 * at all, Triton's raw binary request ({@link RawRequest}).
 */
final class OipReader {
  private final JsonBody json;
  private final HttpRequest request;
  private final SignatureCheck check;
  private final int jsonLength;
  private final ByteBuffer tail;
  private final Set<String> outputs = new LinkedHashSet<>();
  private final Set<String> binaryOutputs = new HashSet<>();
  private final Set<String> jsonOutputs = new HashSet<>();
  private String id;
  private boolean binaryByDefault;
  private long timeoutMicros;
  private boolean hasInputs;

  OipReader(JsonBody json, HttpRequest request) throws InferenceException {
    this.json = json;
    this.request = request;
    this.check = new SignatureCheck(request.signature());
    this.timeoutMicros = request.head().timeoutMicros();
    this.jsonLength = jsonLength(request);
    this.tail = request.tail(jsonLength);
  }

  private static int jsonLength(HttpRequest request) throws InferenceException {
    String given = request.head().binaryHeaderLength();
    if (given == null) {
      return request.length();
    }
    try {
      int length = Integer.parseInt(given.strip());
      if (length >= 0 && length <= request.length()) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw InferenceException.badInput(
          HttpHead.BINARY_HEADER_LENGTH + ": expected a number, got '" + given + "'");
    }
    throw InferenceException.badInput(HttpHead.BINARY_HEADER_LENGTH + " is " + given
        + ", the body has " + request.length() + " bytes");
  }

  OipRequest read() throws InferenceException {
    if (jsonLength == 0 && request.head().binaryHeaderLength() != null) {
      return RawRequest.read(request, tail, timeoutMicros, json.maxElements());
    }
    try (var memory = new TensorMemory(json.maxElements())) {
      json.read(request.body(), 0, jsonLength, parser -> {
        body(parser, memory);
        return memory;
      });
      if (!hasInputs) {
        throw InferenceException.badInput("the request has no 'inputs'; the model takes "
            + SignatureCheck.describe(request.signature().inputs()));
      }
      if (tail.hasRemaining()) {
        throw InferenceException.badInput(
            tail.remaining() + " bytes follow after the last binary tensor");
      }
      return new OipRequest(
          memory.request(id, outputs, timeoutMicros), binaryOutputs, jsonOutputs, binaryByDefault);
    }
  }

  private void body(JsonParser parser, TensorMemory memory) throws IOException, InferenceException {
    JsonBody.expect(parser, JsonToken.START_OBJECT, "the request");
    Set<String> seen = JsonBody.fields();
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonBody.once(seen, field, "the request");
      parser.nextToken();
      switch (field) {
        case "id" -> id = given(parser) ? JsonBody.string(parser, "'id'") : null;
        case "inputs" -> inputs(parser, memory);
        case "outputs" -> outputs(parser);
        case "parameters" -> parameters(parser);
        default -> parser.skipChildren();
      }
    }
  }

  private void inputs(JsonParser parser, TensorMemory memory)
      throws IOException, InferenceException {
    hasInputs = true;
    JsonBody.expect(parser, JsonToken.START_ARRAY, "'inputs'");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonBody.expect(parser, JsonToken.START_OBJECT, "an input");
      new OipInputReader(json, request.body(), jsonLength, check, tail).read(parser, memory);
    }
  }

  /** Serializers write null for an optional field that has no value: MLServer's, for one. */
  private static boolean given(JsonParser parser) {
    return parser.currentToken() != JsonToken.VALUE_NULL;
  }

  private void outputs(JsonParser parser) throws IOException, InferenceException {
    if (!given(parser)) {
      return;
    }
    JsonBody.expect(parser, JsonToken.START_ARRAY, "'outputs'");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonBody.expect(parser, JsonToken.START_OBJECT, "an output");
      output(parser);
    }
  }

  private void output(JsonParser parser) throws IOException, InferenceException {
    String name = null;
    Boolean binary = null;
    Set<String> seen = JsonBody.fields();
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonBody.once(seen, field, "an output");
      parser.nextToken();
      switch (field) {
        case "name" -> name = JsonBody.string(parser, "an output's 'name'");
        case "parameters" -> binary = OipParameters.read(parser).binaryData();
        default -> parser.skipChildren();
      }
    }
    if (name == null) {
      throw InferenceException.badInput("an output has no 'name'");
    }
    check.output(name);
    if (!outputs.add(name)) {
      throw InferenceException.badInput("output '" + name + "' is asked for twice");
    }
    if (binary != null) {
      (binary ? binaryOutputs : jsonOutputs).add(name);
    }
  }

  private void parameters(JsonParser parser) throws IOException, InferenceException {
    OipParameters parameters = OipParameters.read(parser);
    binaryByDefault = Boolean.TRUE.equals(parameters.binaryDataOutput());
    Long asked = parameters.timeout();
    if (asked != null && asked > 0) {
      timeoutMicros = timeoutMicros > 0 ? Math.min(timeoutMicros, asked) : asked;
    }
  }
}
