package dev.slipway.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void thePaceIsSteadyOnceRoundsAreNoFaster() {
    assertThat(runsUntilSteady(run -> 1_000)).isEqualTo(27);
    assertThat(runsUntilSteady(run -> run < 50 ? 100_000 - 1_500L * run : 1_000))
        .isGreaterThanOrEqualTo(50)
        .isLessThan(90);
  }

  @Test
  void onePauseOfTheMachineIsNoMatter() {
    assertThat(runsUntilSteady(run -> run % 20 == 3 ? 50_000_000 : 1_000)).isEqualTo(27);
  }

  private static int runsUntilSteady(IntToLongFunction nanos) {
    var pace = new SteadyPace();
    int runs = 0;
    while (!pace.isSteady()) {
      pace.observe(nanos.applyAsLong(runs++));
    }
    return runs;
  }

  @Test
  void aModelThatIsColdAtFirstIsRunUntilItIsNot() {
    var model = new Cold(30, Duration.ofMillis(20), null);
    assertThat(TrialRun.untilSteady(model, LONG)).isEmpty();
    assertThat(model.runs).isGreaterThan(30);
  }

  @Test
  void warmUpEndsWithItsTimeButNotBeforeAFewRuns() {
    var model = new Cold(1_000, Duration.ofMillis(1), null);
    assertThat(TrialRun.untilSteady(model, Duration.ZERO)).isEmpty();
    assertThat(model.runs).isEqualTo(3);
  }

  @Test
  void aModelThatBreaksSaysSoAndOneThatRefusesMadeUpInputIsLeftInPeace() {
    var broken = new PredictException(PredictException.Kind.FAILED, "a node failed");
    assertThat(TrialRun.untilSteady(new Cold(0, Duration.ZERO, broken), LONG).orElseThrow())
        .contains("a node failed");
    var refused = new PredictException(PredictException.Kind.BAD_INPUT, "not this");
    assertThat(TrialRun.untilSteady(new Cold(0, Duration.ZERO, refused), LONG)).isEmpty();
  }

  @Test
  void warmUpIsByTheModelsOwnExampleAndByMadeUpInputWhereItRefusesThat() {
    var example = new Tensor(
        "X", DataType.FP32, Shape.of(1), ByteBuffer.allocate(4).putFloat(7).flip());
    var model = new Cold(0, Duration.ZERO, null);
    model.example = example;
    assertThat(TrialRun.run(model, 2)).isEmpty();
    assertThat(model.seen).containsOnly(7f);
    model.refused = example;
    model.seen.clear();
    assertThat(TrialRun.run(model, 2)).isEmpty();
    assertThat(model.seen).containsExactly(7f, 1f, 1f);
  }

  @Test
  void aModelThatBreaksOnItsOwnExampleSaysSo() {
    var model =
        new Cold(0, Duration.ZERO, new PredictException(PredictException.Kind.FAILED, "a node"));
    model.example = new Tensor(
        "X", DataType.FP32, Shape.of(1), ByteBuffer.allocate(4).putFloat(7).flip());
    assertThat(TrialRun.run(model, 1).orElseThrow())
        .isEqualTo("the model broke on the example that it was logged with: a node");
  }

  /** Takes long for its first runs. */
  private static final class Cold implements LoadedModel {
    private final int coldRuns;
    private final Duration cold;
    private final PredictException failure;
    private final List<Float> seen = new ArrayList<>();
    private Tensor example;
    private Tensor refused;
    private int runs;

    Cold(int coldRuns, Duration cold, PredictException failure) {
      this.coldRuns = coldRuns;
      this.cold = cold;
      this.failure = failure;
    }

    @Override
    public ModelSignature signature() {
      return new ModelSignature(
          List.of(new TensorSpec("X", DataType.FP32, Shape.of(1))), List.of());
    }

    @Override
    public Optional<List<Tensor>> example() {
      return Optional.ofNullable(example).map(List::of);
    }

    @Override
    public Map<String, Object> metadata() {
      return Map.of();
    }

    @Override
    public Outputs predict(List<Tensor> inputs, Set<String> outputs, RunControl control)
        throws PredictException {
      if (failure != null) {
        throw failure;
      }
      var data = inputs.getFirst().data();
      float value = data.duplicate().order(data.order()).getFloat();
      seen.add(value);
      if (refused != null && value == refused.data().getFloat(0)) {
        throw new PredictException(PredictException.Kind.BAD_INPUT, "not this");
      }
      if (runs++ < coldRuns) {
        // Ever a bit less, as caches fill.
        LockSupport.parkNanos(cold.toNanos() * (coldRuns - runs + 1) / coldRuns);
      }
      return new Outputs() {
        @Override
        public List<Tensor> tensors() {
          return List.of();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
