package dev.slipway.serving.wire.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.NotOffered;
import dev.slipway.serving.wire.json.JsonBody;
import java.io.IOException;

/**
 * The parameters that mean something here, of a request, an input or an output; null where they are not given. Others pass
 * unseen, but for those of Triton's extensions that would change the answer.
 *
 * @param timeout microseconds, as Triton has it
 */
record OipParameters(
    Long binaryDataSize, Boolean binaryData, Boolean binaryDataOutput, Long timeout) {
  private static final OipParameters NONE = new OipParameters(null, null, null, null);

  /** Null, of all or of one, is as if it were not there. */
  static OipParameters read(JsonParser parser) throws IOException, InferenceException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return NONE;
    }
    JsonBody.expect(parser, JsonToken.START_OBJECT, "'parameters'");
    Long size = null;
    Boolean binary = null;
    Boolean binaryOutput = null;
    Long timeout = null;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      switch (field) {
        case "binary_data_size" -> size = number(parser, field);
        case "binary_data" -> binary = flag(parser, field);
        case "binary_data_output" -> binaryOutput = flag(parser, field);
        case "timeout" -> timeout = number(parser, field);
        default -> {
          if (parser.currentToken() != JsonToken.VALUE_NULL) {
            NotOffered.check(field, value(parser));
          }
          parser.skipChildren();
        }
      }
    }
    return new OipParameters(size, binary, binaryOutput, timeout);
  }

  /** A scalar; else the token, which equals none. */
  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT -> parser.getNumberValue().longValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      default -> parser.currentToken();
    };
  }

  private static Long number(JsonParser parser, String field)
      throws IOException, InferenceException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    JsonBody.expect(parser, JsonToken.VALUE_NUMBER_INT, "'" + field + "'");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER || parser.getLongValue() < 0) {
      throw InferenceException.badInput("'" + field + "' cannot be " + parser.getText());
    }
    return parser.getLongValue();
  }

  static Boolean flag(JsonParser parser, String field) throws IOException, InferenceException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default ->
        throw InferenceException.badInput(
            "'" + field + "' is to be true or false, got " + JsonBody.describe(parser));
    };
  }
}
