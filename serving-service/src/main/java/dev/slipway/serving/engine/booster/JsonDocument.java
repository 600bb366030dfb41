package dev.slipway.serving.engine.booster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an XGBoost JSON file as maps, lists, strings, Booleans, Longs, and arrays of floats or ints. Floats are parsed as floats: by
 * way of a double some would be rounded twice.
 */
final class JsonDocument {
  /** XGBoost writes NaN as the threshold of a categorical split. */
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(XgboostFields.MAX_DEPTH)
          .build())
      .build();

  private final JsonParser parser;

  private JsonDocument(JsonParser parser) {
    this.parser = parser;
  }

  static Map<String, Object> read(Path file) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        JsonParser parser = FACTORY.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedModelException("it is not a JSON object");
      }
      Map<String, Object> document = new JsonDocument(parser).object();
      if (parser.nextToken() != null) {
        throw new MalformedModelException("something follows its end");
      }
      return document;
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new MalformedModelException("it is not whole, or not JSON", e);
    }
  }

  private Map<String, Object> object() throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      if (XgboostFields.isSkipped(field)) {
        parser.skipChildren();
      } else {
        fields.put(field, value(field));
      }
    }
    return fields;
  }

  private Object value(String field) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> array(field);
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> Float.parseFloat(parser.getText());
      default -> throw new MalformedModelException("'" + field + "' has a value that no model has");
    };
  }

  private Object array(String field) throws IOException {
    JsonToken first = parser.nextToken();
    if (XgboostFields.isFloats(field)) {
      return floats(field, first);
    }
    return switch (first) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> ints(field, first);
      default -> values(field, first);
    };
  }

  private float[] floats(String field, JsonToken first) throws IOException {
    var numbers = new NumberList();
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (!token.isNumeric()) {
        throw new MalformedModelException("'" + field + "' holds what is no number");
      }
      numbers.add(Float.floatToRawIntBits(Float.parseFloat(parser.getText())));
    }
    return numbers.toFloats();
  }

  private int[] ints(String field, JsonToken first) throws IOException {
    var numbers = new NumberList();
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      numbers.add(
          switch (token) {
            case VALUE_NUMBER_INT -> parser.getIntValue();
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default ->
              throw new MalformedModelException("'" + field + "' holds what is no whole number");
          });
    }
    return numbers.toInts();
  }

  private List<Object> values(String field, JsonToken first) throws IOException {
    var values = new ArrayList<Object>();
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      values.add(value(field));
    }
    return values;
  }
}
