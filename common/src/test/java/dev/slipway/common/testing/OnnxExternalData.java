package dev.slipway.common.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An ONNX model of any size: one Gather of rows out of a float table that lies beside the model as external data
 * ({@code onnx.proto3}, TensorProto.external_data). The table is a sparse file, zero but for its first, middle and last row, so
 * that gigabytes cost no disk; a wrong byte there changes an answer. Input {@code row} (INT64, [N]), output {@code values}
 * (FP32, [N, {@value #COLUMNS}]).
 *
 * @param model the model file, {@code model.onnx}
 * @param data the table, {@code weights.bin}
 * @param rows how many rows it has
 */
public record OnnxExternalData(Path model, Path data, long rows) {
  public static final int COLUMNS = 1024;
  private static final int ROW_BYTES = COLUMNS * Float.BYTES;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int EXTERNAL = 1;

  /** Writes both files; the table has {@code bytes} bytes, rounded up to whole rows. */
  public static OnnxExternalData write(Path folder, long bytes) throws IOException {
    Files.createDirectories(folder);
    long rows = Math.max(1, Math.ceilDiv(bytes, ROW_BYTES));
    var files =
        new OnnxExternalData(folder.resolve("model.onnx"), folder.resolve("weights.bin"), rows);
    Files.write(files.model, files.modelProto());
    files.writeTable();
    return files;
  }

  /** What the model answers for this row and column. */
  public float expected(long row, int column) {
    boolean marked = row == 0 || row == rows / 2 || row == rows - 1;
    return marked ? 1 + row % 1000 + column / (float) COLUMNS : 0;
  }

  private void writeTable() throws IOException {
    try (FileChannel channel = FileChannel.open(
        data, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
      for (long row : new long[] {0, rows / 2, rows - 1}) {
        ByteBuffer values = ByteBuffer.allocate(ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < COLUMNS; column++) {
          values.putFloat(expected(row, column));
        }
        values.flip();
        long position = row * ROW_BYTES;
        while (values.hasRemaining()) {
          position += channel.write(values, position);
        }
      }
    }
  }

  private byte[] modelProto() {
    var gather = new Message().text(1, "table").text(1, "row").text(2, "values").text(4, "Gather");
    var table = new Message()
        .number(1, rows)
        .number(1, COLUMNS)
        .number(2, FLOAT)
        .text(8, "table")
        .message(
            13, new Message().text(1, "location").text(2, data.getFileName().toString()))
        .message(13, new Message().text(1, "offset").text(2, "0"))
        .message(13, new Message().text(1, "length").text(2, Long.toString(rows * ROW_BYTES)))
        .number(14, EXTERNAL);
    var free = new Message().text(2, "N");
    var columns = new Message().number(1, COLUMNS);
    var graph = new Message()
        .message(1, gather)
        .text(2, "external-data")
        .message(5, table)
        .message(11, tensor("row", INT64, new Message().message(1, free)))
        .message(12, tensor("values", FLOAT, new Message().message(1, free).message(1, columns)));
    return new Message()
        .number(1, 8)
        .text(2, "slipway-test")
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, 17))
        .bytes();
  }

  private static Message tensor(String name, int elementType, Message shape) {
    var type = new Message().message(1, new Message().number(1, elementType).message(2, shape));
    return new Message().text(1, name).message(2, type);
  }

  /** A protobuf message being written: field numbers as in onnx.proto3. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return content(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return content(field, value.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private Message content(int field, byte[] content) {
      varint(((long) field << 3) | 2);
      varint(content.length);
      out.writeBytes(content);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
