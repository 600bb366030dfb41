package dev.slipway.serving.wire.friendly;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.TensorSpec;
import java.math.BigInteger;

/** JSON Schema (2020-12) of a tensor in nested arrays. */
final class TensorSchemas {
  private TensorSchemas() {}

  static ObjectNode of(TensorSpec spec) {
    return arrays(spec, 0, spec.shape().rank()).put("description", words(spec));
  }

  /** A column: where the model takes one value a row as an array of one, the array may be left out. */
  static ObjectNode column(TensorSpec spec) {
    return from(spec, 0);
  }

  /** What lies under one index of the first dimension, with the same leave. */
  static ObjectNode row(TensorSpec spec) {
    return from(spec, 1);
  }

  private static ObjectNode from(TensorSpec spec, int first) {
    int rank = spec.shape().rank();
    ObjectNode schema = arrays(spec, first, rank);
    if (rank > 1 && Math.abs(spec.shape().dimension(rank - 1)) == 1) {
      ObjectNode either = object();
      either.putArray("anyOf").add(schema).add(arrays(spec, first, rank - 1));
      return either.put("description", words(spec));
    }
    return schema.put("description", words(spec));
  }

  private static String words(TensorSpec spec) {
    return spec.datatype() + " " + spec.shape();
  }

  /** Arrays for the dimensions from {@code first} to before {@code end}. */
  private static ObjectNode arrays(TensorSpec spec, int first, int end) {
    ObjectNode schema = element(spec.datatype());
    for (int i = end - 1; i >= first; i--) {
      ObjectNode array = object().put("type", "array");
      array.set("items", schema);
      long length = spec.shape().dimension(i);
      if (length >= 0) {
        array.put("minItems", length).put("maxItems", length);
      }
      schema = array;
    }
    return schema;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode element(DataType datatype) {
    return switch (datatype) {
      case BOOL -> object().put("type", "boolean");
      case BYTES -> object().put("type", "string");
      case FP16, BF16, FP32, FP64 -> floating();
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> integer(datatype);
    };
  }

  /** What JSON's numbers cannot say are these strings. */
  private static ObjectNode floating() {
    ObjectNode schema = object();
    var anyOf = schema.putArray("anyOf");
    anyOf.addObject().put("type", "number");
    anyOf.addObject().putArray("enum").add("NaN").add("Infinity").add("-Infinity");
    return schema;
  }

  private static ObjectNode integer(DataType datatype) {
    int bits = datatype.elementSize() * Byte.SIZE;
    BigInteger values = BigInteger.ONE.shiftLeft(bits);
    BigInteger least =
        datatype.isUnsigned() ? BigInteger.ZERO : values.shiftRight(1).negate();
    return object()
        .put("type", "integer")
        .put("minimum", least)
        .put("maximum", least.add(values).subtract(BigInteger.ONE));
  }
}
