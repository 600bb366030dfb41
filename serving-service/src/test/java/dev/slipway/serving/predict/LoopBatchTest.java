package dev.slipway.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.BatchableModel;
import dev.slipway.serving.engine.Engines;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.TensorBuffer;
import dev.slipway.serving.engine.TrialRun;
import dev.slipway.serving.engine.onnx.OnnxEngine;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.testing.TestConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model that answers each number with itself, and an event loop whose turns the tests end. */
class LoopBatchTest {
  private static final ServingSettings DEFAULTS = ServingSettings.defaults();
  private static final long LATER = TimeUnit.MINUTES.toNanos(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PredictConfig config = TestConfigs.of(
          Map.of("slipway.serving.predict.max-batch-size", "8"))
      .getConfigMapping(PredictConfig.class);
  private final Lanes lanes =
      new Lanes(new TestVersion.Nothing(), meters, config, Clock.systemUTC());
  private final Predictor predictor = new Predictor(lanes, config, new RunLimits(config));
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final LoopBatch batch = new LoopBatch(predictor, loop::add, this::allocate);
  private BatchableModel model;
  private boolean noMemoryForSeveral;
  private boolean modelIsClosed;

  @TempDir
  Path folder;

  @BeforeEach
  void load() throws ModelLoadException {
    FixtureModels.get("identity-fp32").copyTo(folder);
    model = (BatchableModel) new Engines(List.of(new OnnxEngine())).load(folder, DEFAULTS);
    assertThat(TrialRun.run(model, 1)).isEmpty();
    assertThat(model.mayBatch()).isTrue();
  }

  @AfterEach
  void close() {
    predictor.stop();
    if (!modelIsClosed) {
      model.close();
    }
  }

  private TensorBuffer allocate(int bytes) {
    if (noMemoryForSeveral) {
      throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes of direct buffer memory");
    }
    return TensorBuffer.allocate(bytes);
  }

  private static ServingSettings batches(int rows, Integer concurrency) {
    return new ServingSettings(null, null, concurrency, null, null, rows, null, null, null);
  }

  private Asked ask(int version, ServingSettings settings, long timeLeft, float... values) {
    return ask(new TestVersion(version, settings, model), timeLeft, values);
  }

  private Asked ask(TestVersion version, long timeLeft, float... values) {
    var asked = new Asked(version, timeLeft, values);
    batch.add(asked);
    return asked;
  }

  private Asked ask(float... values) {
    return ask(1, batches(8, null), LATER, values);
  }

  private void endTurn() {
    Runnable task = loop.remove();
    assertThat(loop).as("one task for a turn").isEmpty();
    task.run();
  }

  private double runs() {
    return meters.get("slipway_predict_batch_requests").summary().count();
  }

  private double requestsOfRuns() {
    return meters.get("slipway_predict_batch_requests").summary().totalAmount();
  }

  @Test
  void whatOneTurnHasReadRunsOnceAndEachGetsItsOwnRows() {
    Asked one = ask(1, 2);
    Asked two = ask(3);
    Asked three = ask(4, 5);
    assertThat(one.answer).as("before the turn ends").isNull();
    endTurn();
    assertThat(one.answer).containsExactly(1, 2);
    assertThat(two.answer).containsExactly(3);
    assertThat(three.answer).containsExactly(4, 5);
    assertThat(runs()).isEqualTo(1);
    assertThat(requestsOfRuns()).isEqualTo(3);
  }

  @Test
  void whoCameAloneRunsForItself() {
    Asked one = ask(7);
    endTurn();
    assertThat(one.wentAlone).isTrue();
    Asked next = ask(8);
    endTurn();
    assertThat(next.wentAlone).isTrue();
  }

  @Test
  void aRunOfOneIsCountedOnceOnTheLoopAndElsewhere() throws Exception {
    Asked one = ask(7);
    endTurn();
    predictor.run(one.prepared).close();
    assertThat(runs()).isEqualTo(1);
    Asked next = ask(8);
    endTurn();
    try (var elsewhere = Executors.newVirtualThreadPerTaskExecutor()) {
      elsewhere
          .submit(() -> {
            predictor.run(next.prepared).close();
            return true;
          })
          .get();
    }
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void versionsAreNeverMixed() {
    Asked old = ask(1, batches(8, null), LATER, 1);
    Asked fresh = ask(2, batches(8, null), LATER, 2);
    Asked oldToo = ask(1, batches(8, null), LATER, 3);
    endTurn();
    assertThat(old.answer).containsExactly(1);
    assertThat(oldToo.answer).containsExactly(3);
    assertThat(fresh.wentAlone).isTrue();
  }

  @Test
  void whoIsOnTrialDoesNotGoWithWhoAskedForTheVersion() {
    Asked asked = ask(1, 2);
    Asked trial = ask(new TestVersion(1, batches(8, null), model).onTrial(), LATER, 3);
    Asked askedToo = ask(4);
    endTurn();
    assertThat(asked.answer).containsExactly(1, 2);
    assertThat(askedToo.answer).containsExactly(4);
    assertThat(trial.wentAlone).isTrue();
  }

  @Test
  void noRunHasMoreRowsThanTheCap() {
    Asked three = ask(1, 2, 3);
    Asked six = ask(1, 2, 3, 4, 5, 6);
    Asked five = ask(1, 2, 3, 4, 5);
    Asked ten = ask(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    endTurn();
    assertThat(three.answer).hasSize(3);
    assertThat(five.answer).hasSize(5);
    assertThat(six.wentAlone).isTrue();
    assertThat(ten.wentAlone).isTrue();
  }

  @Test
  void whatIsNotFiniteCountsForItsOwnRequestAlone() {
    Asked fine = ask(1);
    Asked broken = ask(Float.NaN);
    endTurn();
    assertThat(fine.answer).containsExactly(1);
    assertThat(fine.handle.nonFinite()).containsExactly(false);
    assertThat(broken.handle.nonFinite()).containsExactly(true);
  }

  @Test
  void settingsThatSayOneSwitchItOff() {
    ServingSettings off = batches(1, null);
    assertThat(predictor.runsTogether(new TestVersion(1, off, model))).isFalse();
    assertThat(predictor.runsTogether(new TestVersion(1, batches(2, null), model)))
        .isTrue();
    Asked one = ask(1, off, LATER, 1);
    Asked two = ask(1, off, LATER, 2);
    endTurn();
    assertThat(one.wentAlone && two.wentAlone).isTrue();
  }

  @Test
  void whoseDeadlinePassedIsToldSoAndTheOthersAreAnswered() {
    Asked late = ask(1, batches(8, null), 0, 1);
    Asked early = ask(2);
    endTurn();
    assertThat(early.answer).containsExactly(2);
    assertThat(late.wentAlone).isTrue();
    var error = catchThrowableOfType(
        InferenceException.class, () -> predictor.run(late.prepared()).close());
    assertThat(error.kind()).isEqualTo(Kind.DEADLINE);
  }

  @Test
  void withoutMemoryForAllTogetherEachRunsAlone() {
    noMemoryForSeveral = true;
    Asked one = ask(1);
    Asked two = ask(2);
    endTurn();
    assertThat(one.wentAlone && two.wentAlone).isTrue();
  }

  @Test
  void aRunThatFailsForAllIsTriedForEach() {
    model.close();
    modelIsClosed = true;
    Asked one = ask(1);
    Asked two = ask(2);
    endTurn();
    assertThat(one.wentAlone && two.wentAlone).isTrue();
  }

  @Test
  void aRunCountsOnceAtTheModelsGateAndNeverWaitsThere() throws InferenceException {
    var settings = batches(8, 1);
    Asked one = ask(1, settings, LATER, 1);
    Asked two = ask(1, settings, LATER, 2);
    endTurn();
    assertThat(one.answer).as("two requests in one run, where one run may go").isNotNull();
    assertThat(two.answer).isNotNull();
    Gate gate = lanes.enter("m", new Gate.Limits(1, 1), System.nanoTime() + LATER);
    Asked three = ask(1, settings, LATER, 3);
    Asked four = ask(1, settings, LATER, 4);
    endTurn();
    gate.exit();
    assertThat(three.wentAlone && four.wentAlone).isTrue();
  }

  @Test
  void aLoopThatTakesNoMoreTellsTheCallerAndKeepsNothing() {
    var closing = new LoopBatch(predictor, _ -> {
      throw new IllegalStateException("closed");
    });
    var asked = new Asked(new TestVersion(1, batches(8, null), model), LATER, 1);
    assertThatIllegalStateException().isThrownBy(() -> closing.add(asked));
    assertThatIllegalStateException()
        .as("the next one does not believe that a task is under way")
        .isThrownBy(() -> closing.add(asked));
  }

  private final class Asked implements LoopBatch.Member {
    private final TestVersion handle;
    private final Prepared prepared;
    private float[] answer;
    private boolean wentAlone;

    Asked(TestVersion handle, long timeLeft, float... values) {
      this.handle = handle;
      ByteBuffer data =
          ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (float value : values) {
        data.putFloat(value);
      }
      String input = handle.loaded().signature().inputs().getFirst().name();
      var tensor = new Tensor(input, DataType.FP32, Shape.of(values.length, 1), data.flip());
      var request = new InferenceRequest(null, List.of(tensor), Set.of(), 0, List.of());
      long now = System.nanoTime();
      prepared = new Prepared(handle, request, now + timeLeft, new Prepared.Times(now, now, now));
    }

    @Override
    public Prepared prepared() {
      return prepared;
    }

    @Override
    public void answered(LoadedModel.Outputs part) {
      assertThat(answer == null && !wentAlone).as("told once").isTrue();
      try (InferenceResponse response = prepared.answer(part)) {
        ByteBuffer data = response.tensors().getFirst().data();
        predictor.answered(prepared, Protocol.OIP_HTTP, 1, 0, response);
        answer = new float[data.remaining() / Float.BYTES];
        data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(answer);
      }
    }

    @Override
    public void alone() {
      assertThat(answer == null && !wentAlone).as("told once").isTrue();
      wentAlone = true;
    }
  }
}
