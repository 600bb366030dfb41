package dev.slipway.serving.wire.table;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.json.JsonTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes tensors row by row: one value or object for each index of their first dimension. */
public final class RowWriter {
  private RowWriter() {}

  /** An output whose rows are written. */
  private record Column(Tensor tensor, ByteBuffer data, List<String> labels) {}

  /**
   * An array with an element for each row. Tensors that belong to no row, such as the class labels beside a ZipMap's scores, are left
   * out.
   *
   * @param rows those of the request
   * @param bare whether a single tensor's rows stand alone, without its name; else the rows are a data frame's, whose cells hold a
   *     row's only value itself (mlflow.onnx, {@code format_output})
   * @param scores which tensors have an object for each row
   */
  public static void write(
      JsonGenerator out,
      JsonTensors json,
      List<Tensor> tensors,
      Rows rows,
      boolean bare,
      ScoreObjects scores)
      throws IOException, InferenceException {
    List<Column> columns = new ArrayList<>();
    for (Tensor tensor : tensors) {
      if (rows.isIn(tensor)) {
        columns.add(new Column(tensor, JsonTensors.reading(tensor), scores.labels(tensor)));
      }
    }
    if (columns.isEmpty()) {
      throw InferenceException.badInput("the model's outputs have no rows of their own;"
          + " ask for them as named tensors (\"inputs\" instead of rows)");
    }
    out.writeStartArray();
    for (long row = 0; row < rows.count(); row++) {
      if (bare && columns.size() == 1) {
        json.row(columns.getFirst().tensor(), columns.getFirst().data());
      } else {
        out.writeStartObject();
        for (Column column : columns) {
          out.writeFieldName(column.tensor().name());
          cell(out, json, column, !bare && isOneEach(column.tensor(), rows.count()));
        }
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  private static void cell(JsonGenerator out, JsonTensors json, Column column, boolean one)
      throws IOException, InferenceException {
    if (column.labels() != null) {
      ScoreObjects.row(out, json, column.tensor(), column.data(), column.labels());
    } else if (one) {
      json.element(column.tensor(), column.data());
    } else {
      json.row(column.tensor(), column.data());
    }
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
