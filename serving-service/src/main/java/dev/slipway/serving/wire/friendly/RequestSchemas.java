package dev.slipway.serving.wire.friendly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** JSON Schema of a friendly request's forms: named tensors, columns, and rows, which may also stand alone. */
final class RequestSchemas {
  private static final String ROWS = "#/components/schemas/Rows";

  private final ModelSignature signature;
  private final Optional<JsonNode> example;

  /**
   * @param example inputs that the model takes, by name
   */
  RequestSchemas(ModelSignature signature, Optional<ObjectNode> example) {
    this.signature = signature;
    this.example = example.map(body -> body.get("inputs"));
  }

  /** A model that takes a scalar has no rows. */
  private boolean hasRows() {
    return signature.inputs().stream().noneMatch(spec -> spec.shape().rank() == 0);
  }

  /** Adds what a body may be. */
  void addTo(ObjectNode schemas) {
    schemas.set("Request", request());
    if (hasRows()) {
      schemas.set("Rows", rows());
    }
  }

  /** What a body may be: a request, or its rows alone. */
  void body(ObjectNode schema, String request) {
    if (hasRows()) {
      ArrayNode forms = schema.putArray("anyOf");
      forms.addObject().put("$ref", request);
      forms.addObject().put("$ref", ROWS);
    } else {
      schema.put("$ref", request);
    }
  }

  private ObjectNode request() {
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode oneOf = schema.putArray("oneOf");
    properties.set("inputs", byName(TensorSchemas::of));
    oneOf.addObject().putArray("required").add("inputs");
    if (hasRows()) {
      properties.putObject("rows").put("$ref", ROWS);
      oneOf.addObject().putArray("required").add("rows");
      ObjectNode columns = byName(TensorSchemas::column);
      example.ifPresent(values -> columns.putArray("examples").add(values));
      properties.set("columns", columns);
      oneOf.addObject().putArray("required").add("columns");
    }
    ObjectNode wanted = properties.putObject("outputs").put("type", "array");
    wanted.put("description", "The outputs wanted; without it all of them.");
    ArrayNode names = wanted.putObject("items").put("type", "string").putArray("enum");
    signature.outputs().forEach(spec -> names.add(spec.name()));
    return schema;
  }

  private ObjectNode byName(Function<TensorSpec, ObjectNode> of) {
    ObjectNode schema = tensors(signature.inputs(), of);
    ArrayNode required = schema.putArray("required");
    signature.inputs().stream()
        .filter(spec -> !spec.optional())
        .forEach(spec -> required.add(spec.name()));
    return schema;
  }

  /** An object from a tensor's name to its values. */
  static ObjectNode tensors(List<TensorSpec> specs, Function<TensorSpec, ObjectNode> of) {
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    specs.forEach(spec -> properties.set(spec.name(), of.apply(spec)));
    return schema;
  }

  private ObjectNode rows() {
    ObjectNode schema = object().put("type", "array");
    schema.put("description", "A row is an object by input, or the bare values of them all.");
    ArrayNode forms = schema.putObject("items").putArray("anyOf");
    forms.add(byName(TensorSchemas::row));
    if (signature.inputs().size() == 1) {
      forms.add(TensorSchemas.row(signature.inputs().getFirst()));
    } else {
      ObjectNode list = forms.addObject().put("type", "array").put("items", false);
      ArrayNode cells = list.putArray("prefixItems");
      signature.inputs().forEach(spec -> cells.add(TensorSchemas.row(spec)));
      if (signature.inputs().stream().noneMatch(TensorSpec::optional)) {
        list.put("minItems", cells.size());
      }
    }
    exampleRows().ifPresent(rows -> schema.putArray("examples").add(rows));
    return schema;
  }

  private Optional<ArrayNode> exampleRows() {
    if (example.isEmpty() || example.get().isEmpty()) {
      return Optional.empty();
    }
    JsonNode columns = example.get();
    int length = columns.elements().next().size();
    for (JsonNode column : columns) {
      if (column.size() != length) {
        return Optional.empty();
      }
    }
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < length; i++) {
      ObjectNode row = rows.addObject();
      int at = i;
      columns
          .properties()
          .forEach(column -> row.set(column.getKey(), column.getValue().get(at)));
    }
    return Optional.of(rows);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
