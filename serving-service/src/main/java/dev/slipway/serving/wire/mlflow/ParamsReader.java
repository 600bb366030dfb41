package dev.slipway.serving.wire.mlflow;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.slipway.serving.engine.FrameColumn;
import dev.slipway.serving.engine.ModelParam;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.json.JsonBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks {@code params} against the model's signature, by the rules of {@code mlflow.models.utils._enforce_params_schema}: an
 * unknown one is ignored, and so are all of a model whose signature has none; one of another type or shape is an error.
 */
final class ParamsReader {
  /** A long list may be wrong everywhere: so many faults say enough. */
  private static final int MAX_FAULTS = 20;

  private final List<ModelParam> known;

  ParamsReader(List<ModelParam> known) {
    this.known = known;
  }

  /** The parser stands on the first token of the value, and on its last afterwards. */
  void read(JsonParser parser) throws IOException, InferenceException {
    if (known.isEmpty() || parser.currentToken() == JsonToken.VALUE_NULL) {
      parser.skipChildren();
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw refused("Parameters must be a dictionary. Got " + JsonBody.describe(parser) + ".");
    }
    List<String> faults = new ArrayList<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      ModelParam param = find(name);
      if (param == null) {
        parser.skipChildren();
      } else if (param.vector()) {
        vector(param, parser, faults);
      } else {
        value(param, parser, faults);
      }
    }
    if (!faults.isEmpty()) {
      throw found(faults);
    }
  }

  private static InferenceException found(List<String> faults) {
    return refused("Invalid parameters found: " + String.join("; ", faults));
  }

  private ModelParam find(String name) {
    for (ModelParam param : known) {
      if (param.name().equals(name)) {
        return param;
      }
    }
    return null;
  }

  private static void vector(ModelParam param, JsonParser parser, List<String> faults)
      throws IOException, InferenceException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      faults.add("Value must be a 1D array with shape (-1,) for param " + param + ", received "
          + JsonBody.describe(parser));
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(param, parser, faults);
      if (faults.size() >= MAX_FAULTS) {
        throw found(faults);
      }
    }
  }

  private static void value(ModelParam param, JsonParser parser, List<String> faults)
      throws IOException {
    JsonToken token = parser.currentToken();
    if (!fits(param.type(), token, token == JsonToken.VALUE_STRING ? parser.getText() : "")) {
      faults.add("Failed to validate type and shape for " + param
          + ", error: Can not safely convert " + JsonBody.describe(parser) + " to "
          + param.type().name().toLowerCase(Locale.ROOT));
    }
    parser.skipChildren();
  }

  /** An integer goes for any number, as in {@code _enforce_param_datatype}; null for everything. */
  private static boolean fits(FrameColumn.Type type, JsonToken token, String text) {
    if (token == JsonToken.VALUE_NULL) {
      return true;
    }
    return switch (type) {
      case BOOLEAN -> token.isBoolean();
      case INTEGER, LONG -> token == JsonToken.VALUE_NUMBER_INT;
      case FLOAT, DOUBLE -> token.isNumeric();
      case STRING -> token == JsonToken.VALUE_STRING;
      case DATETIME -> token == JsonToken.VALUE_STRING && NumpyTimes.isOne(text);
      case BINARY, OTHER -> token == JsonToken.START_OBJECT;
    };
  }

  private static InferenceException refused(String message) {
    return new InferenceException(Kind.BAD_PARAMETER, message);
  }
}
