package dev.slipway.registry.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns MLflow's signature ({@code mlflow.types.schema}: tensors, or columns of a table) into tensors. */
final class SignatureReader {
  private SignatureReader() {}

  /** A schema that tensors cannot express. The message says what. */
  static final class NotTensors extends Exception {
    private static final long serialVersionUID = 1L;

    NotTensors(String message) {
      super(message, null, false, false);
    }
  }

  static ModelSignature read(JsonNode raw) throws NotTensors {
    try {
      return new ModelSignature(
          specs(raw.path("inputs"), "input"), specs(raw.path("outputs"), "output"));
    } catch (IllegalArgumentException wrong) {
      throw new NotTensors(wrong.getMessage());
    }
  }

  /** Without a name, a column or tensor is called by its place: {@code input-0}. */
  private static List<TensorSpec> specs(JsonNode schema, String kind) throws NotTensors {
    var specs = new ArrayList<TensorSpec>();
    for (JsonNode entry : schema) {
      String name = entry.path("name").isTextual()
          ? entry.path("name").textValue()
          : kind + '-' + specs.size();
      boolean optional =
          entry.path("optional").asBoolean(false) || !entry.path("required").asBoolean(true);
      specs.add(
          entry.path("type").asText().equals("tensor")
              ? tensor(name, entry.path("tensor-spec"), optional)
              : column(name, entry, optional));
    }
    return specs;
  }

  private static TensorSpec tensor(String name, JsonNode spec, boolean optional) throws NotTensors {
    JsonNode shape = spec.path("shape");
    long[] dimensions = new long[shape.size()];
    for (int i = 0; i < dimensions.length; i++) {
      if (!shape.get(i).canConvertToLong()) {
        throw new NotTensors("'" + name + "' has a dimension that is no number");
      }
      dimensions[i] = shape.get(i).asLong();
    }
    return new TensorSpec(
        name, numpy(name, spec.path("dtype").asText()), Shape.of(dimensions), optional);
  }

  /** A column is a tensor whose first dimension is the row; each level of arrays adds one. */
  private static TensorSpec column(String name, JsonNode entry, boolean optional)
      throws NotTensors {
    int rank = 1;
    JsonNode element = entry;
    while (element.path("type").asText().equals("array")) {
      element = element.path("items");
      rank++;
    }
    long[] free = new long[rank];
    Arrays.fill(free, -1);
    return new TensorSpec(
        name, column(name, element.path("type").asText()), Shape.of(free), optional);
  }

  private static DataType column(String name, String type) throws NotTensors {
    return switch (type) {
      case "boolean" -> DataType.BOOL;
      case "integer" -> DataType.INT32;
      case "long" -> DataType.INT64;
      case "float" -> DataType.FP32;
      case "double" -> DataType.FP64;
      case "string", "binary" -> DataType.BYTES;
      default ->
        throw new NotTensors("column '" + name + "' has type '" + type + "', which no tensor has");
    };
  }

  private static DataType numpy(String name, String dtype) throws NotTensors {
    return switch (dtype) {
      case "bool" -> DataType.BOOL;
      case "uint8" -> DataType.UINT8;
      case "uint16" -> DataType.UINT16;
      case "uint32" -> DataType.UINT32;
      case "uint64" -> DataType.UINT64;
      case "int8" -> DataType.INT8;
      case "int16" -> DataType.INT16;
      case "int32" -> DataType.INT32;
      case "int64" -> DataType.INT64;
      case "float16" -> DataType.FP16;
      case "float32" -> DataType.FP32;
      case "float64" -> DataType.FP64;
      case "str", "object", "bytes" -> DataType.BYTES;
      default -> {
        if (dtype.matches("[<>|=]?[US]\\d*")) {
          yield DataType.BYTES;
        }
        throw new NotTensors("'" + name + "' has datatype '" + dtype + "', which no tensor has");
      }
    };
  }
}
