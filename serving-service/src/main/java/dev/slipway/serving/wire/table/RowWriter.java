package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.json.JsonTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes tensors row by row: one value or object for each index of their first dimension. */
public final class RowWriter {
  private RowWriter() {}

  /**
   * An array with an element for each row. Tensors that belong to no row, such as the class labels beside a ZipMap's scores, are left
   * out.
   *
   * @param rows those of the request
   * @param bare whether a single tensor's rows stand alone, without its name; else the rows are a data frame's, whose cells hold a
   *     row's only value itself (mlflow.onnx, {@code format_output})
   */
  public static void write(
      JsonGenerator out, JsonTensors json, List<Tensor> tensors, Rows rows, boolean bare)
      throws IOException, InferenceException {
    Map<Tensor, ByteBuffer> aligned = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      if (rows.isIn(tensor)) {
        aligned.put(tensor, JsonTensors.reading(tensor));
      }
    }
    if (aligned.isEmpty()) {
      throw InferenceException.badInput("the model's outputs have no rows of their own;"
          + " ask for them as named tensors (\"inputs\" instead of rows)");
    }
    out.writeStartArray();
    for (long row = 0; row < rows.count(); row++) {
      if (bare && aligned.size() == 1) {
        var only = aligned.entrySet().iterator().next();
        json.row(only.getKey(), only.getValue());
      } else {
        out.writeStartObject();
        for (var tensor : aligned.entrySet()) {
          out.writeFieldName(tensor.getKey().name());
          if (!bare && isOneEach(tensor.getKey(), rows.count())) {
            json.element(tensor.getKey(), tensor.getValue());
          } else {
            json.row(tensor.getKey(), tensor.getValue());
          }
        }
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  /** Whether one of the tensors has a row for each of the request's. */
  public static boolean hasRows(List<Tensor> tensors, Rows rows) {
    return tensors.stream().anyMatch(rows::isIn);
  }

  private static boolean isOneEach(Tensor tensor, long rows) {
    return tensor.shape().elementCount().orElse(0) == rows;
  }

  /** An array with an object for each row of a tensor of one or two dimensions: its values under "0", "1" and so on. */
  public static void numbered(JsonGenerator out, JsonTensors json, Tensor tensor)
      throws IOException, InferenceException {
    ByteBuffer data = JsonTensors.reading(tensor);
    long columns = tensor.shape().rank() == 1 ? 1 : tensor.shape().dimension(1);
    out.writeStartArray();
    for (long row = 0; row < tensor.shape().dimension(0); row++) {
      out.writeStartObject();
      for (long column = 0; column < columns; column++) {
        out.writeFieldName(Long.toString(column));
        json.element(tensor, data);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
