package dev.slipway.serving.engine.booster;

import java.util.List;
import java.util.Map;

/** One object of an XGBoost document, with typed ways to its fields. What is missing or of another kind is malformed. */
record XgboostNode(Map<String, Object> fields) {

  XgboostNode child(String field) throws MalformedModelException {
    return node(field, require(field));
  }

  List<XgboostNode> children(String field) throws MalformedModelException {
    var children = new java.util.ArrayList<XgboostNode>();
    for (Object child : list(field)) {
      children.add(node(field, child));
    }
    return children;
  }

  List<String> texts(String field) throws MalformedModelException {
    return fields.containsKey(field)
        ? list(field).stream().map(String::valueOf).toList()
        : List.of();
  }

  String text(String field) throws MalformedModelException {
    return String.valueOf(require(field));
  }

  /** The field as text, or {@code otherwise} where an older version did not write it. */
  String text(String field, String otherwise) {
    Object value = fields.get(field);
    return value == null ? otherwise : value.toString();
  }

  /** A whole number; XGBoost writes its parameters as text. */
  int number(String field, String otherwise) throws MalformedModelException {
    String text = text(field, otherwise);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new MalformedModelException("'" + field + "' is no whole number", e);
    }
  }

  float[] floats(String field) throws MalformedModelException {
    return switch (require(field)) {
      case float[] floats -> floats;
      default -> throw unexpected(field);
    };
  }

  int[] ints(String field) throws MalformedModelException {
    return switch (require(field)) {
      case int[] ints -> ints;
      case List<?> list when list.isEmpty() -> new int[0];
      default -> throw unexpected(field);
    };
  }

  /** As {@link #ints}, empty where an older version did not write the field. */
  int[] optionalInts(String field) throws MalformedModelException {
    return fields.containsKey(field) ? ints(field) : new int[0];
  }

  boolean has(String field) {
    return fields.containsKey(field);
  }

  private List<?> list(String field) throws MalformedModelException {
    if (require(field) instanceof List<?> list) {
      return list;
    }
    throw unexpected(field);
  }

  @SuppressWarnings("unchecked")
  private static XgboostNode node(String field, Object value) throws MalformedModelException {
    if (!(value instanceof Map<?, ?> map)) {
      throw unexpected(field);
    }
    // Both readers make maps with text keys only.
    return new XgboostNode((Map<String, Object>) map);
  }

  private Object require(String field) throws MalformedModelException {
    Object value = fields.get(field);
    if (value == null) {
      throw new MalformedModelException("'" + field + "' is missing");
    }
    return value;
  }

  private static MalformedModelException unexpected(String field) {
    return new MalformedModelException("'" + field + "' is not of the kind that XGBoost writes");
  }
}
