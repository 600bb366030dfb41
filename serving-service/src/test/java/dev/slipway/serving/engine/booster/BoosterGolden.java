package dev.slipway.serving.engine.booster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Engine;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A booster with what its framework answered, written by {@code deploy/fixtures/booster_goldens.py}. */
record BoosterGolden(Path folder, Facts facts) {

  /** golden.json: {@code vector} says whether the framework's answer is [rows] and not [rows, outputs]. */
  record Facts(
      int rows,
      int features,
      int outputs,
      boolean vector,
      String framework,
      String version,
      String file,
      String objective) {}

  static List<BoosterGolden> all() {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.sorted().map(BoosterGolden::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BoosterGolden named(String name) {
    return read(root().resolve(name));
  }

  Engine engine() {
    return facts.framework().equals("xgboost") ? new XgboostEngine() : new LightgbmEngine();
  }

  DataType type() {
    return facts.framework().equals("xgboost") ? DataType.FP32 : DataType.FP64;
  }

  Path model() {
    return folder.resolve(facts.file());
  }

  Tensor rows() {
    return new Tensor("input", type(), Shape.of(facts.rows(), facts.features()), data("rows.bin"));
  }

  double[] scores() {
    return doubles(data("scores.bin"), type());
  }

  static double[] doubles(ByteBuffer data, DataType type) {
    double[] values = new double[data.remaining() / type.elementSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type == DataType.FP32 ? data.getFloat() : data.getDouble();
    }
    return values;
  }

  private ByteBuffer data(String file) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve(file));
      return ByteBuffer.allocateDirect(bytes.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put(bytes)
          .flip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BoosterGolden read(Path folder) {
    try {
      return new BoosterGolden(
          folder,
          new ObjectMapper().readValue(folder.resolve("golden.json").toFile(), Facts.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(BoosterGolden.class.getResource("/boosters").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return folder.getFileName() + " (" + facts.framework() + " " + facts.version() + ")";
  }
}
