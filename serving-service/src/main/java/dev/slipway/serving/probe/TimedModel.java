package dev.slipway.serving.probe;

import dev.slipway.serving.engine.GeneratedInputs;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model that is asked the same made-up request again and again: how long that takes, in nanoseconds, and what memory it holds. */
final class TimedModel implements AutoCloseable {
  private static final int MOST_RUNS = 200;
  private static final long ROUND_NANOS = Duration.ofMillis(40).toNanos();

  private final LoadedModel model;
  private final List<Tensor> inputs;
  private final List<Double> taken = new ArrayList<>();
  private long memory;

  private TimedModel(LoadedModel model, List<Tensor> inputs) {
    this.model = model;
    this.inputs = inputs;
  }

  /** Loads a model. */
  @FunctionalInterface
  interface Loading {
    LoadedModel load() throws ModelLoadException;
  }

  /** No request can be made up. */
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Some requests one after the other.
   *
   * @param p50 the middle of what they took
   */
  record Round(int requests, double p50, double p95) {
    private static final int TAIL = 20;

    /** Whether there are enough of them that the 95th percentile is not just the slowest one. */
    boolean hasTail() {
      return requests >= TAIL;
    }
  }

  /**
   * A model that has answered some requests already: the first ones pay for memory and threads.
   *
   * @param loaded run as soon as it is loaded
   */
  static TimedModel load(Loading loading, Runnable loaded)
      throws ModelLoadException, PredictException, TooLargeException {
    long before = held();
    LoadedModel model = loading.load();
    boolean ready = false;
    try {
      loaded.run();
      Optional<List<Tensor>> inputs = GeneratedInputs.of(model.signature());
      var timed = new TimedModel(model, inputs.orElseThrow(TooLargeException::new));
      timed.round();
      timed.taken.clear();
      timed.memory = Math.max(0, held() - before);
      ready = true;
      return timed;
    } finally {
      if (!ready) {
        model.close();
      }
    }
  }

  private static long held() {
    ResidentMemory.giveBackFreed();
    return ResidentMemory.bytes();
  }

  Round round() throws PredictException {
    List<Double> round = new ArrayList<>();
    long begin = System.nanoTime();
    do {
      long start = System.nanoTime();
      try (var outputs = model.predict(copies(), Set.of(), RunControl.UNLIMITED)) {
        outputs.tensors();
      }
      round.add((double) (System.nanoTime() - start));
    } while (System.nanoTime() - begin < ROUND_NANOS && round.size() < MOST_RUNS);
    taken.addAll(round);
    return new Round(round.size(), at(round, 0.5), at(round, 0.95));
  }

  /** Of all rounds. */
  double percentile(double share) {
    return at(taken, share);
  }

  /** What the process held more after it was loaded and had answered, in bytes; 0 where that cannot be told. */
  long memory() {
    return memory;
  }

  Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("requests", taken.size());
    figures.put("p50_ms", SideBySide.rounded(percentile(0.5) / 1e6));
    figures.put("p95_ms", SideBySide.rounded(percentile(0.95) / 1e6));
    figures.put("p99_ms", SideBySide.rounded(percentile(0.99) / 1e6));
    if (memory > 0) {
      figures.put("memory_bytes", memory);
    }
    return figures;
  }

  private static double at(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * share)));
  }

  /** An engine may move a buffer's position. */
  private List<Tensor> copies() {
    return inputs.stream().map(TimedModel::copy).toList();
  }

  private static Tensor copy(Tensor tensor) {
    ByteBuffer data = tensor.data().duplicate().order(tensor.data().order());
    return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
  }

  @Override
  public void close() {
    model.close();
  }
}
