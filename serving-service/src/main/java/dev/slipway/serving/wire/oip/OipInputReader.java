package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.SignatureCheck;
import dev.slipway.serving.predict.TensorSink;
import dev.slipway.serving.wire.TensorMemory;
import dev.slipway.serving.wire.json.ElementRules;
import dev.slipway.serving.wire.json.JsonBody;
import dev.slipway.serving.wire.json.NestedArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;

/** Reads one input tensor. Its fields may come in any order: data that comes before its datatype is read a second time. */
final class OipInputReader {
  private static final int NOT_SEEN = -1;

  private final JsonBody json;
  private final byte[] body;
  private final int end;
  private final SignatureCheck check;
  private final ByteBuffer tail;
  private String name;
  private DataType datatype;
  private Shape shape;
  private Long binarySize;
  private int dataAt = NOT_SEEN;
  private boolean done;

  OipInputReader(JsonBody json, byte[] body, int end, SignatureCheck check, ByteBuffer tail) {
    this.json = json;
    this.body = body;
    this.end = end;
    this.check = check;
    this.tail = tail;
  }

  void read(JsonParser parser, TensorMemory memory) throws IOException, InferenceException {
    Set<String> seen = JsonBody.fields();
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonBody.once(seen, field, "an input");
      parser.nextToken();
      switch (field) {
        case "name" -> name = JsonBody.string(parser, "an input's 'name'");
        case "datatype" -> datatype = datatype(parser);
        case "shape" -> shape = shape(parser);
        case "parameters" -> binarySize = OipParameters.read(parser).binaryDataSize();
        case "data" -> data(parser, memory);
        default -> parser.skipChildren();
      }
    }
    finish(memory);
  }

  private DataType datatype(JsonParser parser) throws IOException, InferenceException {
    expect(parser, JsonToken.VALUE_STRING, "datatype");
    String text = parser.getText();
    return DataType.find(text)
        .orElseThrow(() -> InferenceException.badInput(what("datatype") + ": expected one of "
            + Arrays.toString(DataType.values()) + ", got '" + Echo.of(text) + "'"));
  }

  private Shape shape(JsonParser parser) throws IOException, InferenceException {
    expect(parser, JsonToken.START_ARRAY, "shape");
    var dimensions = new long[8];
    int rank = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        JsonBody.expect(parser, JsonToken.VALUE_NUMBER_INT, what("shape") + ", dimension " + rank);
      }
      if (parser.getNumberType() == NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
        throw InferenceException.badInput(
            what("shape") + ", dimension " + rank + " cannot be " + parser.getText());
      }
      TensorMemory.rank(rank + 1);
      if (rank == dimensions.length) {
        dimensions = Arrays.copyOf(dimensions, 2 * rank);
      }
      dimensions[rank++] = parser.getLongValue();
    }
    return Shape.of(Arrays.copyOf(dimensions, rank));
  }

  /** Says what a field is called only when it has to: most requests are right. */
  private void expect(JsonParser parser, JsonToken token, String field)
      throws IOException, InferenceException {
    if (parser.currentToken() != token) {
      JsonBody.expect(parser, token, what(field));
    }
  }

  private String what(String field) {
    return name == null
        ? "an input's '" + field + "'"
        : "input '" + Echo.of(name) + "': '" + field + "'";
  }

  private void data(JsonParser parser, TensorMemory memory) throws IOException, InferenceException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      // None given: what KServe's SDK writes beside a binary size of 0.
      return;
    }
    if (name == null || datatype == null || shape == null) {
      dataAt = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      return;
    }
    checkFields();
    tensor(parser, memory);
    done = true;
  }

  private void checkFields() throws InferenceException {
    TensorSpec spec = check.input(name);
    SignatureCheck.datatype(spec, datatype);
    SignatureCheck.shape(spec, shape);
  }

  private void tensor(JsonParser parser, TensorMemory memory)
      throws IOException, InferenceException {
    expect(parser, JsonToken.START_ARRAY, "data");
    int count = memory.count(name, shape);
    // An element takes two bytes of JSON at least: what a shape promises beyond that is not
    // allocated.
    var sink = new TensorSink(name, datatype, Math.min(count, end / 2 + 1), json.maxElements());
    try {
      Shape nesting = NestedArray.read(parser, sink, ElementRules.OIP);
      if (sink.count() != count) {
        throw InferenceException.badInput("input '" + name + "': shape " + shape + " takes " + count
            + " elements, 'data' has " + sink.count());
      }
      if (nesting.rank() != 1 && !nesting.equals(shape)) {
        throw InferenceException.badInput(
            "input '" + name + "': 'data' is nested as " + nesting + ", 'shape' is " + shape);
      }
      memory.add(sink, shape);
    } catch (IOException | InferenceException | RuntimeException | Error e) {
      sink.close();
      throw e;
    }
  }

  private void finish(TensorMemory memory) throws IOException, InferenceException {
    if (name == null) {
      throw InferenceException.badInput("an input has no 'name'");
    }
    check.input(name);
    if (datatype == null || shape == null) {
      throw InferenceException.badInput(
          "input '" + name + "' has no '" + (datatype == null ? "datatype" : "shape") + "'");
    }
    if (binarySize != null) {
      if (done || dataAt != NOT_SEEN) {
        throw InferenceException.badInput(
            "input '" + name + "' has both 'data' and 'binary_data_size'");
      }
      checkFields();
      binary(memory);
      return;
    }
    if (!done) {
      if (dataAt == NOT_SEEN) {
        throw InferenceException.badInput("input '" + name + "' has no 'data'");
      }
      checkFields();
      json.again(body, dataAt, end, parser -> {
        tensor(parser, memory);
        return memory;
      });
    }
  }

  private void binary(TensorMemory memory) throws InferenceException {
    if (binarySize > tail.remaining()) {
      throw InferenceException.badInput("input '" + name + "': 'binary_data_size' is " + binarySize
          + ", " + tail.remaining() + " bytes are left in the body");
    }
    int size = binarySize.intValue();
    memory.addRaw(name, datatype, shape, tail.slice(tail.position(), size));
    tail.position(tail.position() + size);
  }
}
