package dev.slipway.serving.fleet;

import dev.slipway.common.report.OutputSketch;
import dev.slipway.common.tensor.DataType;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How one version's outputs are distributed. A narrow output counts by column, so that columns in another order show. Bounded in
 * outputs and in values for an answer. Thread-safe, without a lock.
 */
final class OutputCounts {
  private static final int MAX_KEYS = 16;
  private static final int MAX_COLUMNS = 8;
  private static final int MAX_VALUES = 64;

  private final Map<String, AtomicLongArray> counts = new ConcurrentHashMap<>();

  void add(List<Tensor> answer) {
    for (Tensor tensor : answer) {
      int size = tensor.datatype().elementSize();
      if (size > 0) {
        int elements = tensor.data().remaining() / size;
        add(tensor, columns(tensor, elements), elements);
      }
    }
  }

  private static int columns(Tensor tensor, int elements) {
    int rank = tensor.shape().rank();
    long last = rank > 1 ? tensor.shape().dimension(rank - 1) : 1;
    return last > 0 && last <= MAX_COLUMNS && elements % last == 0 ? (int) last : 1;
  }

  private void add(Tensor tensor, int columns, int elements) {
    AtomicLongArray[] byColumn = new AtomicLongArray[columns];
    for (int column = 0; column < columns; column++) {
      byColumn[column] = of(columns == 1 ? tensor.name() : tensor.name() + "[" + column + "]");
    }
    int rows = elements / columns;
    int stride = Math.max(1, Math.ceilDiv(elements, MAX_VALUES));
    for (int row = 0; row < rows; row += stride) {
      for (int column = 0; column < columns; column++) {
        if (byColumn[column] != null) {
          float value = value(tensor.datatype(), tensor.data(), row * columns + column);
          byColumn[column].incrementAndGet(OutputSketch.bucketOf(value));
        }
      }
    }
  }

  /** Null when there are too many already. */
  private AtomicLongArray of(String key) {
    AtomicLongArray known = counts.get(key);
    return known != null || counts.size() >= MAX_KEYS
        ? known
        : counts.computeIfAbsent(key, ignored -> new AtomicLongArray(OutputSketch.BUCKETS));
  }

  /** The element as a float: exact enough for a bucket. */
  static float value(DataType datatype, ByteBuffer data, int index) {
    int at = data.position() + index * datatype.elementSize();
    return switch (datatype) {
      case FP32 -> data.getFloat(at);
      case FP64 -> (float) data.getDouble(at);
      case FP16 -> Float.float16ToFloat(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
      case INT64 -> data.getLong(at);
      case INT32 -> data.getInt(at);
      case INT16 -> data.getShort(at);
      case INT8 -> data.get(at);
      case UINT64 -> Math.abs((float) data.getLong(at));
      case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
      case UINT16 -> Short.toUnsignedInt(data.getShort(at));
      case UINT8, BOOL -> Byte.toUnsignedInt(data.get(at));
      default -> 0;
    };
  }

  Map<String, OutputSketch> read() {
    var read = new TreeMap<String, OutputSketch>();
    counts.forEach((key, buckets) -> {
      var some = new TreeMap<Integer, Long>();
      for (int bucket = 0; bucket < OutputSketch.BUCKETS; bucket++) {
        long count = buckets.get(bucket);
        if (count > 0) {
          some.put(bucket, count);
        }
      }
      read.put(key, OutputSketch.of(some));
    });
    return read;
  }
}
