package dev.slipway.serving.predict;

import dev.slipway.serving.predict.InferenceStatistics.Batch;
import dev.slipway.serving.predict.InferenceStatistics.Total;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link InferenceStatistics}. Counting takes no lock. Thread-safe. */
final class Tally {
  /** Callers choose how many rows a run has: runs of yet other sizes are counted, but not by size. */
  private static final int SIZES = 256;

  private final LongAdder answered = new LongAdder();
  private final LongAdder answeredNanos = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder failedNanos = new LongAdder();
  private final LongAdder queueNanos = new LongAdder();
  private final LongAdder inputNanos = new LongAdder();
  private final LongAdder inferred = new LongAdder();
  private final LongAdder inferNanos = new LongAdder();
  private final LongAdder outputNanos = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder executions = new LongAdder();
  private final ConcurrentHashMap<Integer, Runs> sizes = new ConcurrentHashMap<>();
  private final Clock clock;
  private volatile long last;

  private record Runs(LongAdder count, LongAdder nanos) {
    Total read() {
      return new Total(count.sum(), nanos.sum());
    }
  }

  Tally(Clock clock) {
    this.clock = clock;
  }

  /** Requests that were read have waited before they ran. */
  void waited(long nanos) {
    queueNanos.add(nanos);
  }

  /**
   * The model has run.
   *
   * @param batch the rows that it ran for
   * @param requests that it ran for
   */
  void ran(int batch, int requests, long nanos) {
    Runs runs = sizes.get(batch);
    if (runs == null && sizes.size() < SIZES) {
      runs = sizes.computeIfAbsent(batch, _ -> new Runs(new LongAdder(), new LongAdder()));
    }
    if (runs != null) {
      runs.count.increment();
      runs.nanos.add(nanos);
    }
    executions.increment();
    inferred.add(requests);
    inferNanos.add(nanos * requests);
  }

  /**
   * A request was answered just now.
   *
   * @param batch its rows
   * @param nanos in all
   * @param times until it was read
   * @param output what writing the answer took
   */
  void answered(int batch, long nanos, Prepared.Times times, long output) {
    answered.increment();
    rows.add(batch);
    answeredNanos.add(nanos);
    queueNanos.add(times.taken() - times.arrived());
    inputNanos.add(times.ready() - times.taken());
    outputNanos.add(output);
    long now = clock.millis();
    // Threads that wrote the same word for every request would wait for each other.
    if (now != last) {
      last = now;
    }
  }

  void failed(long nanos) {
    failed.increment();
    failedNanos.add(nanos);
  }

  InferenceStatistics read() {
    long count = answered.sum();
    List<Batch> batches = sizes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(size -> new Batch(size.getKey(), size.getValue().read()))
        .toList();
    return new InferenceStatistics(
        last,
        rows.sum(),
        executions.sum(),
        new Total(count, answeredNanos.sum()),
        new Total(failed.sum(), failedNanos.sum()),
        new Total(count, queueNanos.sum()),
        new Total(count, inputNanos.sum()),
        new Total(inferred.sum(), inferNanos.sum()),
        new Total(count, outputNanos.sum()),
        batches);
  }
}
