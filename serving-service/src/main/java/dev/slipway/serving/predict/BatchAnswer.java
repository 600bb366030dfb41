package dev.slipway.serving.predict;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The answer of one run, cut into its requests' parts. The whole is closed with the last of them. */
final class BatchAnswer {
  private final LoadedModel.Outputs whole;
  private final List<List<Tensor>> parts;
  private final AtomicInteger open;

  private BatchAnswer(LoadedModel.Outputs whole, List<List<Tensor>> parts) {
    this.whole = whole;
    this.parts = parts;
    this.open = new AtomicInteger(parts.size());
  }

  /**
   * @throws IllegalStateException when the answer has not one row for each row asked; it is closed then
   */
  static BatchAnswer of(LoadedModel.Outputs whole, List<Integer> rows) {
    try {
      return new BatchAnswer(whole, parts(whole, rows));
    } catch (RuntimeException | Error e) {
      whole.close();
      throw e;
    }
  }

  private static List<List<Tensor>> parts(LoadedModel.Outputs whole, List<Integer> rows) {
    int total = 0;
    for (int count : rows) {
      total += count;
    }
    List<List<Tensor>> parts = new ArrayList<>(rows.size());
    int from = 0;
    for (int count : rows) {
      List<Tensor> part = new ArrayList<>();
      for (Tensor tensor : whole.tensors()) {
        if (tensor.shape().rank() == 0 || tensor.shape().dimension(0) != total) {
          throw new IllegalStateException("the answer has not one row for each row asked");
        }
        part.add(cut(tensor, total, from, count));
      }
      parts.add(part);
      from += count;
    }
    return parts;
  }

  private static Tensor cut(Tensor tensor, int total, int from, int count) {
    ByteBuffer data = tensor.data();
    int width = data.remaining() / total;
    long[] shape = tensor.shape().toArray();
    shape[0] = count;
    return new Tensor(
        tensor.name(),
        tensor.datatype(),
        Shape.of(shape),
        data.slice(data.position() + from * width, count * width).order(data.order()));
  }

  LoadedModel.Outputs part(int index) {
    return new Part(parts.get(index));
  }

  private final class Part implements LoadedModel.Outputs {
    private final List<Tensor> tensors;

    Part(List<Tensor> tensors) {
      this.tensors = tensors;
    }

    @Override
    public List<Tensor> tensors() {
      return tensors;
    }

    @Override
    public void close() {
      if (open.decrementAndGet() == 0) {
        whole.close();
      }
    }
  }
}
