package dev.slipway.serving.wire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.TensorSink;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads arrays within arrays into one tensor, and finds their shape on the way. They must be regular: what is nested at one
 * place is nested everywhere, and as long.
 */
public final class NestedArray {
  private static final int UNKNOWN = -1;

  private final JsonParser parser;
  private final TensorSink sink;
  private final JsonElements elements;
  private long[] dimensions = new long[8];
  private int rank = UNKNOWN;

  private NestedArray(JsonParser parser, TensorSink sink, ElementRules rules) {
    this.parser = parser;
    this.sink = sink;
    this.elements = new JsonElements(parser, sink, rules);
    Arrays.fill(dimensions, UNKNOWN);
  }

  /** Reads the value that the parser stands on; a bare element has the shape of a scalar. */
  public static Shape read(JsonParser parser, TensorSink sink, ElementRules rules)
      throws IOException, InferenceException {
    var array = new NestedArray(parser, sink, rules);
    array.value(parser.currentToken(), 0);
    return Shape.of(Arrays.copyOf(array.dimensions, array.rank));
  }

  /** The same, where the array's bracket is read already and the parser stands on what follows it. */
  public static Shape readOpened(JsonParser parser, TensorSink sink, ElementRules rules)
      throws IOException, InferenceException {
    var array = new NestedArray(parser, sink, rules);
    array.rest(parser.currentToken(), 0, 0);
    return Shape.of(Arrays.copyOf(array.dimensions, array.rank));
  }

  private void value(JsonToken token, int depth) throws IOException, InferenceException {
    if (token == JsonToken.START_ARRAY) {
      if (rank != UNKNOWN && depth >= rank) {
        throw ragged("an array where a bare value stands elsewhere");
      }
      boolean bare = rank == UNKNOWN || rank == depth + 1;
      int numbers = bare ? elements.numbers(true) : 0;
      if (numbers > 0) {
        rank = depth + 1;
      }
      rest(parser.nextToken(), depth, numbers);
      return;
    }
    if (rank == UNKNOWN) {
      rank = depth;
    } else if (rank != depth) {
      throw ragged("a bare value where an array stands elsewhere");
    }
    elements.put(token);
  }

  private void rest(JsonToken first, int depth, long before)
      throws IOException, InferenceException {
    long length = before;
    JsonToken token = first;
    while (token != JsonToken.END_ARRAY) {
      value(token, depth + 1);
      length++;
      if (rank == depth + 1) {
        length += elements.numbers(false);
      }
      token = parser.nextToken();
    }
    if (rank == UNKNOWN) {
      rank = depth + 1;
    }
    if (depth >= dimensions.length) {
      int old = dimensions.length;
      dimensions = Arrays.copyOf(dimensions, Math.max(depth + 1, 2 * old));
      Arrays.fill(dimensions, old, dimensions.length, UNKNOWN);
    }
    if (dimensions[depth] == UNKNOWN) {
      dimensions[depth] = length;
    } else if (dimensions[depth] != length) {
      throw ragged("arrays of " + dimensions[depth] + " and of " + length);
    }
  }

  private InferenceException ragged(String what) {
    return InferenceException.badInput("input '" + sink.name() + "' is ragged: " + what);
  }
}
