package dev.slipway.serving.fleet;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.serving.engine.GeneratedInputs;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs made-up requests through a model before real ones come. That a model refuses made-up input, or is slow with it, says
 * nothing against the model; that it breaks does.
 */
final class WarmUp {
  private static final int DEFAULT_REQUESTS = 3;
  private static final long LIMIT_NANOS = Duration.ofSeconds(30).toNanos();

  private WarmUp() {}

  /** The failure that keeps the model from being READY; empty when there is none. */
  static Optional<LoadFailure> run(LoadedModel model, ServingSettings settings) {
    int requests = settings.warmupRequests() == null ? DEFAULT_REQUESTS : settings.warmupRequests();
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
            ? Optional.of(new LoadFailure(
                LoadFailure.Kind.NOT_SERVABLE,
                "the warm-up request failed: " + refused.getMessage()))
            : Optional.empty();
      }
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
