package dev.slipway.serving.wire.table;

import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.predict.HalfFloats;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.predict.InferenceResponse;
import dev.slipway.serving.wire.http.Payload;
import dev.slipway.serving.wire.json.JsonTensors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes an answer as CSV with a header line (RFC 4180), a line for each row of the request: an output of one value a row under its
 * name, one of several under {@code name_0}, {@code name_1}, … Outputs that have no rows are left out.
 */
public final class CsvWriter {
  public static final String TYPE = "text/csv";

  private CsvWriter() {}

  /**
   * @throws InferenceException NOT_ACCEPTABLE when an output is no table
   */
  public static Payload write(InferenceResponse response, Rows rows) throws InferenceException {
    var text = new StringBuilder();
    List<Tensor> tables = new ArrayList<>();
    List<String> header = new ArrayList<>();
    for (Tensor tensor : response.tensors()) {
      if (rows.isIn(tensor)) {
        tables.add(tensor);
        header(tensor, header);
      }
    }
    if (tables.isEmpty()) {
      throw notATable("the model's outputs have no rows of their own");
    }
    text.append(String.join(",", header)).append("\r\n");
    List<ByteBuffer> data = tables.stream().map(JsonTensors::reading).toList();
    for (long row = 0; row < rows.count(); row++) {
      for (int i = 0; i < tables.size(); i++) {
        Tensor tensor = tables.get(i);
        for (long column = 0; column < width(tensor); column++) {
          text.append(i + column == 0 ? "" : ",").append(cell(tensor, data.get(i)));
        }
      }
      text.append("\r\n");
    }
    return new Payload(
        TYPE + "; charset=utf-8; header=present",
        text.toString().getBytes(StandardCharsets.UTF_8),
        Map.of());
  }

  private static void header(Tensor tensor, List<String> header) throws InferenceException {
    if (tensor.shape().rank() > 2) {
      throw notATable("output '" + tensor.name() + "' has shape " + tensor.shape());
    }
    if (tensor.shape().rank() == 1 || width(tensor) == 1) {
      header.add(quoted(tensor.name()));
      return;
    }
    for (long column = 0; column < width(tensor); column++) {
      header.add(quoted(tensor.name() + "_" + column));
    }
  }

  private static long width(Tensor tensor) {
    return tensor.shape().rank() == 1 ? 1 : tensor.shape().dimension(1);
  }

  private static InferenceException notATable(String why) {
    return new InferenceException(
        Kind.NOT_ACCEPTABLE, why + ", which CSV cannot hold; accept application/json");
  }

  private static String cell(Tensor tensor, ByteBuffer data) {
    return switch (tensor.datatype()) {
      case FP32 -> Float.toString(data.getFloat());
      case FP64 -> Double.toString(data.getDouble());
      case FP16 -> Float.toString(HalfFloats.fromFloat16(data.getShort()));
      case BF16 -> Float.toString(HalfFloats.fromBfloat16(data.getShort()));
      case BOOL -> Boolean.toString(data.get() != 0);
      case INT8 -> Integer.toString(data.get());
      case INT16 -> Integer.toString(data.getShort());
      case INT32 -> Integer.toString(data.getInt());
      case INT64 -> Long.toString(data.getLong());
      case UINT8 -> Integer.toString(Byte.toUnsignedInt(data.get()));
      case UINT16 -> Integer.toString(Short.toUnsignedInt(data.getShort()));
      case UINT32 -> Integer.toUnsignedString(data.getInt());
      case UINT64 -> Long.toUnsignedString(data.getLong());
      case BYTES -> {
        byte[] bytes = new byte[data.getInt()];
        data.get(bytes);
        yield quoted(new String(bytes, StandardCharsets.UTF_8));
      }
    };
  }

  private static String quoted(String text) {
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> "\",\r\n".indexOf(c) >= 0);
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
