package dev.slipway.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.util.Arrays;

/** A prediction's body made up from a signature, as the gateways warm a version up: ones, one row of them. */
final class ExampleBody {
  /** More is nothing to look at, let alone to change by hand. */
  private static final long MOST_ELEMENTS = 256;

  private ExampleBody() {}

  /** JSON text; empty when it would be too long, or nothing is known of the inputs. */
  static String of(ModelSignature signature) {
    if (signature == null || signature.inputs().isEmpty()) {
      return "";
    }
    ObjectNode inputs = JsonNodeFactory.instance.objectNode();
    for (TensorSpec spec : signature.inputs()) {
      Shape shape =
          Shape.of(Arrays.stream(spec.shape().toArray()).map(Math::abs).toArray());
      if (shape.elementCount().orElse(Long.MAX_VALUE) > MOST_ELEMENTS) {
        return "";
      }
      if (!spec.optional()) {
        inputs.set(spec.name(), value(shape, 0, one(spec.datatype())));
      }
    }
    return JsonNodeFactory.instance.objectNode().set("inputs", inputs).toString();
  }

  private static JsonNode value(Shape shape, int axis, JsonNode element) {
    if (axis == shape.rank()) {
      return element;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (long i = 0; i < shape.dimension(axis); i++) {
      list.add(value(shape, axis + 1, element));
    }
    return list;
  }

  private static JsonNode one(DataType datatype) {
    if (datatype == DataType.BOOL) {
      return BooleanNode.TRUE;
    }
    if (datatype == DataType.BYTES) {
      return TextNode.valueOf("1");
    }
    return datatype.isFloatingPoint() ? DoubleNode.valueOf(1) : IntNode.valueOf(1);
  }
}
