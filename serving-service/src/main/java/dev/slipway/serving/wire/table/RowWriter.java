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
   * An array with an element for each row. Tensors without that many rows, such as the class labels beside a ZipMap's scores, belong
   * to no row and are left out.
   *
   * @param rows how many rows the request had
   * @param bare whether a single tensor's rows stand alone, without its name
   */
  public static void write(
      JsonGenerator out, JsonTensors json, List<Tensor> tensors, long rows, boolean bare)
      throws IOException, InferenceException {
    Map<Tensor, ByteBuffer> aligned = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      if (tensor.shape().rank() > 0 && tensor.shape().dimension(0) == rows) {
        aligned.put(tensor, JsonTensors.reading(tensor));
      }
    }
    if (aligned.isEmpty()) {
      throw InferenceException.badInput("the model's outputs have no rows of their own;"
          + " ask for them as named tensors (\"inputs\" instead of rows)");
    }
    out.writeStartArray();
    for (long row = 0; row < rows; row++) {
      if (bare && aligned.size() == 1) {
        var only = aligned.entrySet().iterator().next();
        json.row(only.getKey(), only.getValue());
      } else {
        out.writeStartObject();
        for (var tensor : aligned.entrySet()) {
          out.writeFieldName(tensor.getKey().name());
          json.row(tensor.getKey(), tensor.getValue());
        }
        out.writeEndObject();
      }
    }
    out.writeEndArray();
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

  /** The rows of a request: the first dimension of its tensors; 1 when they are scalars. */
  public static long rows(List<Tensor> inputs) {
    return inputs.stream()
        .filter(tensor -> tensor.shape().rank() > 0)
        .mapToLong(tensor -> tensor.shape().dimension(0))
        .findFirst()
        .orElse(1);
  }
}
