package dev.slipway.serving.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs made-up requests through a model before real ones come: as warm-up, and to see whether it runs at all. That a model
 * refuses made-up input, or is slow with it, says nothing against it; that it breaks does.
 */
public final class TrialRun {
  private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

  private TrialRun() {}

  /**
   * Runs {@code requests} requests, one after the other, for 30 s at most.
   *
   * @return what the model broke with; empty when it did not
   */
  public static Optional<String> run(LoadedModel model, int requests) {
    Optional<List<Tensor>> inputs = GeneratedInputs.of(model.signature());
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    long deadline = System.nanoTime() + LIMIT_NANOS;
    for (int i = 0; i < requests; i++) {
      try (var outputs = model.predict(copies(inputs.get()), Set.of(), new RunControl(deadline))) {
        outputs.tensors();
      } catch (PredictException refused) {
        return refused.kind() == PredictException.Kind.FAILED
            ? Optional.of("the model broke on a made-up request: " + refused.getMessage())
            : Optional.empty();
      }
    }
    if (model instanceof BatchableModel batchable) {
      batchable.tryBatches();
    }
    return Optional.empty();
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
