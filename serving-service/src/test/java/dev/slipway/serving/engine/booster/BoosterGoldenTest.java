package dev.slipway.serving.engine.booster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.common.testing.GoldenTensor;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoosterGoldenTest {
  private static final double RELATIVE = 1e-6;

  @ParameterizedTest
  @MethodSource("dev.slipway.serving.engine.booster.BoosterGolden#all()")
  void answersAreTheFrameworksOwn(BoosterGolden golden) throws Exception {
    try (LoadedModel model = golden.engine().load(golden.folder(), ServingSettings.defaults());
        var answer = model.predict(List.of(golden.rows()), Set.of(), RunControl.UNLIMITED)) {
      Tensor scores = answer.tensors().getFirst();

      assertThat(scores.shape())
          .isEqualTo(
              golden.facts().vector()
                  ? Shape.of(golden.facts().rows())
                  : Shape.of(golden.facts().rows(), golden.facts().outputs()));
      assertThat(scores.datatype()).isEqualTo(golden.type());
      assertClose(BoosterGolden.doubles(scores.data(), golden.type()), golden.scores());
    }
  }

  @Test
  void goldensCoverBothFrameworksAndManyAnswers() {
    List<BoosterGolden> all = BoosterGolden.all();

    assertThat(all).hasSizeGreaterThan(70);
    for (BoosterGolden golden : all) {
      double[] scores = golden.scores();
      assertThat(Stream.of(scores)
              .flatMapToDouble(java.util.Arrays::stream)
              .distinct()
              .count())
          .as("%s", golden)
          .isGreaterThan(golden.folder().endsWith("lgb-constant") ? 0 : 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iris-xgboost-json", "iris-xgboost-ubj", "iris-lightgbm"})
  void fixtureModelsAnswerTheirGoldens(String name, @TempDir Path folder) throws Exception {
    FixtureModel fixture = FixtureModels.get(name);
    fixture.copyTo(folder);
    Engine engine = fixture.format().equals("xgboost") ? new XgboostEngine() : new LightgbmEngine();

    try (LoadedModel model = engine.load(folder, ServingSettings.defaults())) {
      assertThat(model.signature().inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 4));
      for (FixtureModel.Case one : fixture.cases()) {
        GoldenTensor input = one.inputs().getFirst();
        byte[] raw = fixture.raw(input);
        ByteBuffer data = ByteBuffer.allocateDirect(raw.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(raw)
            .flip();
        Tensor rows = new Tensor("input", input.datatype(), input.shape(), data);
        try (var answer =
            model.predict(List.of(rows), Set.of("probabilities"), RunControl.UNLIMITED)) {
          Tensor scores = answer.tensors().getFirst();
          assertThat(scores.shape()).isEqualTo(one.output("probabilities").shape());
          assertClose(
              BoosterGolden.doubles(scores.data(), scores.datatype()),
              one.output("probabilities").doubles());
        }
      }
    }
  }

  private static void assertClose(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double off = RELATIVE * Math.abs(expected[i]);
      assertThat(Double.compare(actual[i], expected[i]) == 0
              || Math.abs(actual[i] - expected[i]) <= off)
          .as("score %s is %s, expected %s", i, actual[i], expected[i])
          .isTrue();
    }
  }
}
