package dev.slipway.serving.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs requests through a model before real ones come: as warm-up, and to see whether it runs at all. They are the example that it
 * was logged with, else made up. That a model refuses them, or is slow with them, says nothing against it; that it breaks does.
 */
public final class TrialRun {
  private static final int FEW = 3;
  private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

  private TrialRun() {}

  /**
   * Runs {@code requests} requests, one after the other, for 30 s at most.
   *
   * @return what the model broke with; empty when it did not
   */
  public static Optional<String> run(LoadedModel model, int requests) {
    return run(model, inputs -> {
      long deadline = System.nanoTime() + LIMIT_NANOS;
      for (int i = 0; i < requests; i++) {
        once(model, inputs, deadline);
      }
    });
  }

  /**
   * Runs requests until they take no longer than those before: the first ones of a model that was just loaded pay for memory and
   * threads that the later ones find, and would stand in a canary's figures. Ends after {@code limit} at the latest, but not
   * before a few were run.
   *
   * @return what the model broke with; empty when it did not
   */
  public static Optional<String> untilSteady(LoadedModel model, Duration limit) {
    return run(model, inputs -> {
      long began = System.nanoTime();
      long deadline = began + LIMIT_NANOS;
      var pace = new SteadyPace();
      int runs = 0;
      while (runs < FEW || (!pace.isSteady() && System.nanoTime() - began < limit.toNanos())) {
        long start = System.nanoTime();
        once(model, inputs, deadline);
        pace.observe(System.nanoTime() - start);
        runs++;
      }
    });
  }

  /** Some runs on the same inputs. */
  @FunctionalInterface
  private interface Runs {
    void on(List<Tensor> inputs) throws PredictException;
  }

  private static Optional<String> run(LoadedModel model, Runs runs) {
    Optional<String> broken = tried(model, runs);
    if (model instanceof BatchableModel batchable) {
      batchable.warmedUp();
    }
    return broken;
  }

  private static Optional<String> tried(LoadedModel model, Runs runs) {
    Optional<List<Tensor>> inputs = model.example();
    String what = "on the example that it was logged with";
    try {
      if (inputs.isEmpty() || refuses(inputs.get(), runs)) {
        inputs = GeneratedInputs.of(model.signature());
        what = "on a made-up request";
        if (inputs.isEmpty() || refuses(inputs.get(), runs)) {
          return Optional.empty();
        }
      }
    } catch (PredictException e) {
      return e.kind() == PredictException.Kind.FAILED
          ? Optional.of("the model broke " + what + ": " + e.getMessage())
          : Optional.empty();
    }
    if (model instanceof BatchableModel batchable) {
      batchable.tryBatches();
    }
    return Optional.empty();
  }

  /** Whether the model will not have the inputs. */
  private static boolean refuses(List<Tensor> inputs, Runs runs) throws PredictException {
    try {
      runs.on(inputs);
      return false;
    } catch (PredictException e) {
      if (e.kind() == PredictException.Kind.BAD_INPUT) {
        return true;
      }
      throw e;
    }
  }

  private static void once(LoadedModel model, List<Tensor> inputs, long deadline)
      throws PredictException {
    try (var outputs = model.predict(copies(inputs), Set.of(), new RunControl(deadline))) {
      outputs.tensors();
    }
  }

  /** An engine may move a buffer's position. */
  private static List<Tensor> copies(List<Tensor> inputs) {
    return inputs.stream()
        .map(tensor -> new Tensor(
            tensor.name(),
            tensor.datatype(),
            tensor.shape(),
            tensor.data().duplicate().order(tensor.data().order())))
        .toList();
  }
}
