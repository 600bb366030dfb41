package dev.slipway.serving.engine.booster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.testing.FixtureModel;
import dev.slipway.common.testing.FixtureModels;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoosterFuzzTest {
  private static final int ROUNDS = 400;

  @ParameterizedTest
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  @ValueSource(strings = {"iris-xgboost-json", "iris-xgboost-ubj", "iris-lightgbm"})
  void damagedFileIsRefusedOrAnswersButNeverBreaksOrHangs(String name, @TempDir Path folder)
      throws Exception {
    FixtureModel fixture = FixtureModels.get(name);
    Engine engine = fixture.format().equals("xgboost") ? new XgboostEngine() : new LightgbmEngine();
    var random = new Random(20261121);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Files.write(folder.resolve(fixture.file()), damaged(fixture.content(), random));
      refused += isRefused(engine, folder) ? 1 : 0;
    }

    assertThat(refused).isBetween(1, ROUNDS);
  }

  private static byte[] damaged(byte[] content, Random random) {
    byte[] damaged = content.clone();
    // Past the head, so that the file is still taken for what it was.
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      int where = 40 + random.nextInt(damaged.length - 40);
      damaged[where] = random.nextBoolean()
          ? (byte) random.nextInt()
          : content[40 + random.nextInt(content.length - 40)];
    }
    return damaged;
  }

  private static boolean isRefused(Engine engine, Path folder) throws Exception {
    try (LoadedModel model = engine.load(folder, ServingSettings.defaults())) {
      Shape shape = model.signature().inputs().getFirst().shape();
      int features = (int) shape.dimension(1);
      if (features < 1_000) {
        var row = new Tensor(
            "input", DataType.FP32, Shape.of(1, features), ByteBuffer.allocateDirect(4 * features));
        model.predict(List.of(row), Set.of(), RunControl.UNLIMITED).close();
      }
      return false;
    } catch (ModelLoadException refusal) {
      assertThat(refusal.getCause()).isInstanceOfAny(IOException.class, ModelLoadException.class);
      return true;
    }
  }
}
