package dev.slipway.registry.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The fields of one request, read as MLflow's server reads them: absent, null and (for what is required) empty are the same;
 * numbers may come as strings; enums as name or number. Whatever does not fit is INVALID_PARAMETER_VALUE with MLflow's text.
 */
final class MlflowRequest {
  private static final String SEE_DOCS =
      " See the API docs for more information about request parameters.";

  private final ObjectNode fields;
  private final String path;
  private final boolean query;

  private MlflowRequest(ObjectNode fields, String path, boolean query) {
    this.fields = fields;
    this.path = path;
    this.query = query;
  }

  static MlflowRequest ofBody(ObjectNode fields) {
    return new MlflowRequest(fields, "", false);
  }

  /** @param fields texts, and arrays of texts where a parameter is repeated */
  static MlflowRequest ofQuery(ObjectNode fields) {
    return new MlflowRequest(fields, "", true);
  }

  boolean has(String name) {
    return !value(name).isNull();
  }

  /** The text; empty when it is absent. */
  String text(String name) {
    JsonNode value = value(name);
    if (value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw wrong(name, value);
    }
    if (value.textValue().indexOf('\0') >= 0) {
      throw MlflowException.invalid("Invalid value for parameter '" + path + name
          + "' supplied: it contains a NUL character.");
    }
    return value.textValue();
  }

  /** The text; null when it is absent. */
  String textOrNull(String name) {
    return has(name) ? text(name) : null;
  }

  /** The text; null when it is absent or empty. */
  String filledOrNull(String name) {
    String text = text(name);
    return text.isEmpty() ? null : text;
  }

  String requiredText(String name) {
    require(name);
    String text = text(name);
    if (text.isEmpty()) {
      throw missing(name);
    }
    return text;
  }

  /** {@code run_id}, or its old name {@code run_uuid}. */
  String runId() {
    return has("run_id") || !has("run_uuid") ? requiredText("run_id") : requiredText("run_uuid");
  }

  /** The number; null when it is absent. */
  Long numberOrNull(String name) {
    JsonNode value = value(name);
    if (value.isNull()) {
      return null;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isDouble()
        && value.doubleValue() == Math.rint(value.doubleValue())
        && value.canConvertToLong()) {
      return value.longValue();
    }
    String text = value.isTextual() ? value.textValue().strip() : "";
    return (query ? NumberText.plain(text) : NumberText.whole(text))
        .orElseThrow(() -> wrong(name, value));
  }

  long number(String name, long whenAbsent) {
    return Optional.ofNullable(numberOrNull(name)).orElse(whenAbsent);
  }

  long requiredNumber(String name) {
    require(name);
    return number(name, 0);
  }

  /**
   * A page size.
   *
   * @param most more than this is refused
   */
  int size(String name, int whenAbsent, int most) {
    long size = number(name, whenAbsent);
    if (size > most || size < Integer.MIN_VALUE) {
      throw wrong(name, value(name));
    }
    return (int) size;
  }

  double requiredDecimal(String name) {
    require(name);
    JsonNode value = value(name);
    if (value.isNumber()) {
      return value.doubleValue();
    }
    return NumberText.decimal(value.isTextual() ? value.textValue() : "")
        .orElseThrow(() -> wrong(name, value));
  }

  boolean flag(String name, boolean whenAbsent) {
    JsonNode value = value(name);
    if (value.isNull()) {
      return whenAbsent;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (query
        && (value.asText().equalsIgnoreCase("true") || value.asText().equalsIgnoreCase("false"))) {
      return value.asText().equalsIgnoreCase("true");
    }
    throw query
        ? MlflowException.invalid(
            "Invalid boolean value: " + value.asText() + ", must be 'true' or 'false'.")
        : wrong(name, value);
  }

  /**
   * A constant by its name or number; null when it is absent.
   *
   * @param wireName how the wire writes a constant
   * @param first the number of the first constant
   */
  <E extends Enum<E>> E constantOrNull(
      String name, Class<E> type, Function<E, String> wireName, int first) {
    JsonNode value = value(name);
    if (value.isNull()) {
      return null;
    }
    IntFunction<Optional<E>> byNumber = number -> {
      int index = number - first;
      E[] constants = type.getEnumConstants();
      return index >= 0 && index < constants.length
          ? Optional.of(constants[index])
          : Optional.empty();
    };
    String text = value.asText();
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> wireName.apply(constant).equals(text))
        .findFirst()
        .or(() ->
            text.matches("\\d{1,9}") ? byNumber.apply(Integer.parseInt(text)) : Optional.empty())
        .orElseThrow(() -> wrong(name, value));
  }

  /** The elements of a list; none when it is absent. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      if (!element.isTextual()) {
        throw wrong(name, value(name));
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** The elements of a list of messages, each of which names itself in errors; none when it is absent. */
  List<MlflowRequest> messages(String name) {
    List<MlflowRequest> messages = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      if (!(element instanceof ObjectNode object)) {
        throw wrong(name, value(name));
      }
      messages.add(new MlflowRequest(object, path + name + '[' + messages.size() + "].", false));
    }
    return messages;
  }

  /** A message; empty when it is absent. */
  Optional<MlflowRequest> message(String name) {
    JsonNode value = value(name);
    if (value.isNull()) {
      return Optional.empty();
    }
    if (!(value instanceof ObjectNode object)) {
      throw wrong(name, value);
    }
    return Optional.of(new MlflowRequest(object, path + name + '.', false));
  }

  /** A message as it came; an empty one when it is absent. */
  ObjectNode object(String name) {
    return message(name).map(found -> found.fields).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** As MLflow looks for what is required: by the field's first name only. */
  void require(String name) {
    JsonNode value = fields.path(name);
    if (value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())) {
      throw missing(name);
    }
  }

  private RuntimeException missing(String name) {
    return MlflowException.invalid(
        "Missing value for required parameter '" + path + name + "'." + SEE_DOCS);
  }

  private Iterable<JsonNode> elements(String name) {
    JsonNode value = written(name);
    if (value.isNull()) {
      return List.of();
    }
    if (value instanceof ArrayNode array) {
      return array;
    }
    if (query) {
      return List.of(value);
    }
    throw wrong(name, value);
  }

  /** Of a parameter that is repeated the first counts, unless it is a list. */
  private JsonNode value(String name) {
    JsonNode value = written(name);
    return query && value instanceof ArrayNode repeated ? repeated.get(0) : value;
  }

  /** In a body a field also goes by its name in protobuf's JSON: {@code maxResults}. */
  private JsonNode written(String name) {
    JsonNode value = fields.get(name);
    if (value == null && !query && name.indexOf('_') > 0) {
      value = fields.get(camelCase(name));
    }
    return value == null ? NullNode.instance : value;
  }

  private static String camelCase(String name) {
    var written = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      written.append(c == '_' && ++i < name.length() ? Character.toUpperCase(name.charAt(i)) : c);
    }
    return written.toString();
  }

  MlflowException wrong(String name, JsonNode value) {
    return MlflowException.invalid("Invalid value " + value + " for parameter '" + path + name
        + "' supplied:  Hint: Value was of type '" + typeName(value) + "'." + SEE_DOCS);
  }

  /** The type in the words of MLflow's messages, which are Python's. */
  private static String typeName(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "str";
      case BOOLEAN -> "bool";
      case ARRAY -> "list";
      case OBJECT -> "dict";
      case NUMBER -> value.isIntegralNumber() ? "int" : "float";
      default -> "NoneType";
    };
  }
}
