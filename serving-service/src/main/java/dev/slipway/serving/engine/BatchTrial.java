package dev.slipway.serving.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs rows alone and together. A free first dimension does not make a batch: a model may mix its rows (a mean over the first
 * dimension, a sequence), and a large one gains nothing.
 */
final class BatchTrial {
  /** What the trial says. */
  enum Verdict {
    /** Rows are not independent, or it is not known. */
    APART,
    /** Rows are independent, and together they take as long as one by one. */
    SAME,
    /** Rows are independent and faster together. */
    FASTER
  }

  private static final int ROWS = 8;
  private static final int ROUNDS = 5;
  private static final long TOO_LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  /** Whoever takes too long may have been kept waiting by the machine, which loads other models too: it has as many tries. */
  private static final int STRIKES = 4;

  /** Counts for two: a slow model is not to keep its load waiting. */
  private static final long FAR_TOO_LONG_NANOS = 4 * TOO_LONG_NANOS;
  /** Together must take less than this part of one by one: below it, waiting for each other and copying eat the gain. */
  private static final double GAIN = 0.6;

  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-5;

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LoadedModel model;
  private final RunControl control = new RunControl(System.nanoTime() + LIMIT_NANOS);

  private BatchTrial(LoadedModel model) {
    this.model = model;
  }

  static Verdict of(LoadedModel model) {
    Optional<List<Tensor>> together = RowInputs.of(model.signature(), ROWS);
    if (together.isEmpty()) {
      return Verdict.APART;
    }
    try {
      return new BatchTrial(model).verdict(together.get());
    } catch (PredictException refused) {
      return Verdict.APART;
    }
  }

  private Verdict verdict(List<Tensor> together) throws PredictException {
    if (isLong(RowInputs.row(together, 0))) {
      return Verdict.APART;
    }
    try (LoadedModel.Outputs all = run(together)) {
      for (int row = 0; row < ROWS; row++) {
        try (LoadedModel.Outputs one = run(RowInputs.row(together, row))) {
          if (!sameRow(all.tensors(), one.tensors(), row)) {
            return Verdict.APART;
          }
        }
      }
    }
    long alone = Long.MAX_VALUE;
    long batch = Long.MAX_VALUE;
    List<Tensor> first = RowInputs.row(together, 0);
    for (int round = 0; round < ROUNDS; round++) {
      alone = Math.min(alone, time(first));
      batch = Math.min(batch, time(together));
    }
    return batch < GAIN * ROWS * alone ? Verdict.FASTER : Verdict.SAME;
  }

  private boolean isLong(List<Tensor> row) throws PredictException {
    int strikes = 0;
    while (strikes < STRIKES) {
      long nanos = time(row);
      if (nanos <= TOO_LONG_NANOS) {
        return false;
      }
      strikes += nanos > FAR_TOO_LONG_NANOS ? 2 : 1;
    }
    return true;
  }

  private long time(List<Tensor> inputs) throws PredictException {
    long began = System.nanoTime();
    run(inputs).close();
    return System.nanoTime() - began;
  }

  private LoadedModel.Outputs run(List<Tensor> inputs) throws PredictException {
    List<Tensor> views = inputs.stream()
        .map(tensor -> new Tensor(
            tensor.name(),
            tensor.datatype(),
            tensor.shape(),
            tensor.data().duplicate().order(tensor.data().order())))
        .toList();
    return model.predict(views, Set.of(), control);
  }

  private static boolean sameRow(List<Tensor> all, List<Tensor> one, int row) {
    if (all.size() != one.size()) {
      return false;
    }
    for (int i = 0; i < all.size(); i++) {
      Tensor whole = all.get(i);
      Tensor single = one.get(i);
      if (whole.shape().rank() == 0
          || single.shape().rank() == 0
          || whole.shape().dimension(0) != ROWS
          || single.shape().dimension(0) != 1
          || !sameElements(whole, single, row)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameElements(Tensor whole, Tensor single, int row) {
    int bytes = single.data().remaining();
    if (whole.data().remaining() != bytes * ROWS) {
      return false;
    }
    ByteBuffer part = whole.data().slice(whole.data().position() + row * bytes, bytes);
    if (!single.datatype().isFloatingPoint()) {
      return part.equals(single.data());
    }
    part.order(single.data().order());
    var ours = new FloatElements(single.datatype(), single.data());
    var theirs = new FloatElements(single.datatype(), part);
    for (int i = 0; i < ours.count(); i++) {
      double expected = ours.get(i);
      double actual = theirs.get(i);
      if (Double.compare(expected, actual) != 0
          && !(Math.abs(expected - actual) <= ABSOLUTE + RELATIVE * Math.abs(expected))) {
        return false;
      }
    }
    return true;
  }
}
