package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.engine.BatchableModel;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TrialRun;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of real models that run for several requests at once are the frameworks' own. */
class BatchedAnswersTest {
  private static final int CALLERS = 24;
  private static final Batcher.Limits LIMITS = new Batcher.Limits(1, 1000, 64);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Batcher batcher =
      new Batcher(new BatchMeters(meters, Tags.empty(), new Tally(Clock.systemUTC())));

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "iris-logreg", "iris-forest", "encoder", "identity-uint16"})
  void togetherTheyAreWhatTheyAreAlone(String name) throws ModelLoadException {
    FixtureModel fixture = FixtureModels.get(name);
    fixture.copyTo(folder);
    try (LoadedModel model =
        new Engines(List.of(new OnnxEngine())).load(folder, ServingSettings.defaults())) {
      assertThat(TrialRun.run(model, 1)).isEmpty();
      assertThat(((BatchableModel) model).mayBatch()).isTrue();
      // A small model may have answered each before the next comes: then all ask again.
      await().atMost(Duration.ofSeconds(30)).until(() -> {
        everybodyAsks(fixture, model);
        return meters.get("slipway_predict_batch_requests").summary().max() > 1;
      });
    }
  }

  private void everybodyAsks(FixtureModel fixture, LoadedModel model) {
    CompletableFuture<?>[] callers = IntStream.range(0, CALLERS)
        .mapToObj(caller -> CompletableFuture.runAsync(
            () -> fixture.cases().forEach(golden -> compare(fixture, golden, model)),
            task -> Thread.ofVirtual().start(task)))
        .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(callers).join();
  }

  private void compare(FixtureModel fixture, FixtureModel.Case golden, LoadedModel model) {
    List<Tensor> inputs = golden.inputs().stream()
        .map(input ->
            new Tensor(input.name(), input.datatype(), input.shape(), direct(fixture.raw(input))))
        .toList();
    var request = new InferenceRequest(null, inputs, Set.of(), 0, List.of());
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try (var answer = batcher.run(
        request,
        LIMITS,
        deadline,
        (batch, outputs, until) ->
            model.predict(batch.tensors(), outputs, new RunControl(until)))) {
      for (Tensor tensor : answer.tensors()) {
        GoldenTensor expected = golden.output(tensor.name());
        assertThat(tensor.shape()).isEqualTo(expected.shape());
        assertSame(fixture, direct(fixture.raw(expected)), tensor);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertSame(FixtureModel fixture, ByteBuffer expected, Tensor actual) {
    ByteBuffer data = actual.data();
    if (actual.datatype() != DataType.FP32) {
      assertThat(data.duplicate()).isEqualTo(expected);
      return;
    }
    assertThat(data.remaining()).isEqualTo(expected.remaining());
    for (int i = 0; i < expected.remaining(); i += Float.BYTES) {
      float wanted = expected.getFloat(i);
      float came = data.getFloat(data.position() + i);
      assertThat(fixture.tolerance().accepts(wanted, came))
          .as("%s: expected %s, got %s", fixture.name(), wanted, came)
          .isTrue();
    }
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(bytes)
        .flip();
  }
}
