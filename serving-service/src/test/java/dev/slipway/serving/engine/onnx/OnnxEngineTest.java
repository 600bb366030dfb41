package dev.slipway.serving.engine.onnx;

import static dev.slipway.serving.engine.onnx.TestTensors.copy;
import static dev.slipway.serving.engine.onnx.TestTensors.direct;
import static dev.slipway.serving.engine.onnx.TestTensors.floats;
import static dev.slipway.serving.engine.onnx.TestTensors.longs;
import static dev.slipway.serving.engine.onnx.TestTensors.raw;
import static dev.slipway.serving.engine.onnx.TestTensors.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.LoadedModel;
import dev.slipway.serving.engine.LoadedModel.Outputs;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.PredictException;
import dev.slipway.serving.engine.PredictException.Kind;
import dev.slipway.serving.engine.RunControl;
import dev.slipway.serving.engine.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Runs of models, through the engine. */
class OnnxEngineTest {
  @TempDir
  private Path folder;

  private final OnnxEngine engine = new OnnxEngine();

  @ParameterizedTest
  @EnumSource(value = DataType.class, mode = Mode.EXCLUDE, names = "BYTES")
  void everyBitOfAFixedSizeTensorComesBack(DataType type) throws Exception {
    // Given
    byte[] bytes = new byte[4 * type.elementSize()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = type == DataType.BOOL ? (byte) (i % 2) : (byte) (i * 37 - 1);
    }
    Tensor input = new Tensor("X", type, Shape.of(4), direct(bytes));
    try (LoadedModel model = load(OnnxModels.identity(type, "N"))) {
      for (int run = 0; run < 3; run++) {
        // When
        try (Outputs outputs = model.predict(List.of(input), Set.of(), soon())) {
          // Then
          Tensor output = outputs.tensors().getFirst();
          assertThat(output.datatype()).isEqualTo(type);
          assertThat(output.shape()).isEqualTo(Shape.of(4));
          assertThat(copy(output.data())).isEqualTo(bytes);
        }
      }
    }
  }

  @Test
  void stringsKeepTheirText() throws Exception {
    String[] texts = {"", "plain", "zażółć 東京 🦊", "quote\" slash\\ newline\n"};
    Tensor input = new Tensor("X", DataType.BYTES, Shape.of(4), raw(texts));
    try (LoadedModel model = load(OnnxModels.identity(DataType.BYTES, "N"));
        Outputs outputs = model.predict(List.of(input), Set.of(), soon())) {
      assertThat(copy(outputs.tensors().getFirst().data())).isEqualTo(copy(raw(texts)));
    }
  }

  @Test
  void aCharacterBeyondTheBasicPlaneReachesTheModelAsItIs() throws Exception {
    // Given a model that tells whether its input is the fox that it knows
    byte[] bytes = OnnxModels.model()
        .opset(19)
        .irVersion(9)
        .input("X", DataType.BYTES, "N")
        .output("Y", DataType.BOOL, "N")
        .stringInitializer("fox", "🦊")
        .node("Equal", "X", "fox", "Y")
        .build();
    Tensor input = new Tensor("X", DataType.BYTES, Shape.of(2), raw("🦊", "dog"));
    try (LoadedModel model = load(bytes);
        // When
        Outputs outputs = model.predict(List.of(input), Set.of(), soon())) {
      // Then
      assertThat(copy(outputs.tensors().getFirst().data())).containsExactly(1, 0);
    }
  }

  @Test
  void aNulInAStringIsTheCallersFault() throws Exception {
    Tensor input = new Tensor("X", DataType.BYTES, Shape.of(1), raw("a\0b"));
    try (LoadedModel model = load(OnnxModels.identity(DataType.BYTES, "N"))) {
      assertThatThrownBy(() -> model.predict(List.of(input), Set.of(), soon()))
          .hasMessageContaining("element 0 holds a NUL");
    }
  }

  @Test
  void bytesThatAreNotUtf8AreTheCallersFault() throws Exception {
    Tensor input = new Tensor(
        "X", DataType.BYTES, Shape.of(1), direct(new byte[] {2, 0, 0, 0, (byte) 0xC3, 0x28}));
    try (LoadedModel model = load(OnnxModels.identity(DataType.BYTES, "N"))) {
      assertThatThrownBy(() -> model.predict(List.of(input), Set.of(), soon()))
          .isInstanceOfSatisfying(PredictException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.BAD_INPUT);
            assertThat(e).hasMessageContaining("element 0 is not UTF-8");
          });
    }
  }

  @Test
  void emptyDimensionsAndScalarsPass() throws Exception {
    try (LoadedModel model = load(OnnxModels.identity(DataType.FP32, "N", 4))) {
      Tensor none = new Tensor("X", DataType.FP32, Shape.of(0, 4), direct(new byte[0]));
      for (int run = 0; run < 2; run++) {
        try (Outputs outputs = model.predict(List.of(none), Set.of(), soon())) {
          assertThat(outputs.tensors().getFirst().shape()).isEqualTo(Shape.of(0, 4));
          assertThat(outputs.tensors().getFirst().data().remaining()).isZero();
        }
      }
    }
    try (LoadedModel model = load(OnnxModels.identity(DataType.INT64))) {
      Tensor scalar = new Tensor("X", DataType.INT64, Shape.of(), longs(Long.MIN_VALUE));
      try (Outputs outputs = model.predict(List.of(scalar), Set.of(), soon())) {
        assertThat(outputs.tensors().getFirst().shape()).isEqualTo(Shape.of());
        assertThat(outputs.tensors().getFirst().data().getLong(0)).isEqualTo(Long.MIN_VALUE);
      }
    }
  }

  private static byte[] zipMap() {
    return OnnxModels.model()
        .input("X", DataType.FP32, null, 3)
        .zipMapOutput("probability", DataType.BYTES)
        .node(
            "ai.onnx.ml",
            "ZipMap",
            List.of(OnnxModels.strings("classlabels_strings", "b", "c", "a")),
            "X",
            "probability")
        .build();
  }

  @Test
  void zipMapOfNoRowsHasItsClassesAllTheSame() throws Exception {
    Tensor none = new Tensor("X", DataType.FP32, Shape.of(0, 3), direct(new byte[0]));
    try (LoadedModel model = load(zipMap());
        Outputs outputs = model.predict(List.of(none), Set.of(), soon())) {
      assertThat(outputs.tensors().get(0).datatype()).isEqualTo(DataType.FP32);
      assertThat(outputs.tensors().get(0).shape()).isEqualTo(Shape.of(0, 3));
      assertThat(outputs.tensors().get(0).data().remaining()).isZero();
      assertThat(copy(outputs.tensors().get(1).data())).isEqualTo(copy(raw("b", "c", "a")));
    }
  }

  @Test
  void zipMapBecomesScoresInTheOrderOfTheLabels() throws Exception {
    try (LoadedModel model = load(zipMap())) {
      assertThat(model.signature().outputs())
          .containsExactly(
              new TensorSpec("probability", DataType.FP32, Shape.of(-1, 3)),
              new TensorSpec("probability_classes", DataType.BYTES, Shape.of(3)));
      Tensor input =
          new Tensor("X", DataType.FP32, Shape.of(2, 3), floats(.1f, .2f, .7f, .4f, .5f, .1f));
      try (Outputs outputs = model.predict(List.of(input), Set.of(), soon())) {
        assertThat(copy(outputs.tensors().get(0).data()))
            .isEqualTo(copy(floats(.1f, .2f, .7f, .4f, .5f, .1f)));
        assertThat(outputs.tensors().get(0).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(copy(outputs.tensors().get(1).data())).isEqualTo(copy(raw("b", "c", "a")));
      }
      try (Outputs outputs = model.predict(List.of(input), Set.of("probability_classes"), soon())) {
        assertThat(outputs.tensors())
            .extracting(Tensor::name)
            .containsExactly("probability_classes");
      }
    }
  }

  @Test
  void onlyTheOutputsAskedForAreGiven() throws Exception {
    byte[] bytes = OnnxModels.model()
        .input("X", DataType.FP32, "N")
        .output("A", DataType.FP32, "N")
        .output("B", DataType.FP32, "N")
        .node("Neg", "X", "A")
        .node("Abs", "X", "B")
        .build();
    Tensor input = new Tensor("X", DataType.FP32, Shape.of(2), floats(-1, 2));
    try (LoadedModel model = load(bytes)) {
      for (int run = 0; run < 2; run++) {
        try (Outputs outputs = model.predict(List.of(input), Set.of("B"), soon())) {
          assertThat(outputs.tensors()).extracting(Tensor::name).containsExactly("B");
          assertThat(copy(outputs.tensors().getFirst().data())).isEqualTo(copy(floats(1, 2)));
        }
      }
    }
  }

  @Test
  void aModelWhoseDeclaredOutputShapeIsWrongStillAnswers() throws Exception {
    // Given a graph that says [N] for what is the number of non-zero values
    byte[] bytes = OnnxModels.model()
        .input("X", DataType.INT64, "N")
        .output("Y", DataType.INT64, 1, "N")
        .node("NonZero", "X", "Y")
        .build();
    try (LoadedModel model = load(bytes)) {
      assertThat(answer(model, 1, 1, 1)).isEqualTo(copy(longs(0, 1, 2)));
      // When
      byte[] shorter = answer(model, 1, 0, 1);
      // Then
      assertThat(shorter).isEqualTo(copy(longs(0, 2)));
      assertThat(answer(model, 0, 0, 1)).isEqualTo(copy(longs(2)));
    }
  }

  private static byte[] answer(LoadedModel model, long... values) throws PredictException {
    Tensor input = new Tensor("X", DataType.INT64, Shape.of(values.length), longs(values));
    try (Outputs outputs = model.predict(List.of(input), Set.of(), soon())) {
      return copy(outputs.tensors().getFirst().data());
    }
  }

  @Test
  void aRunPastItsDeadlineEnds() throws Exception {
    try (LoadedModel model = load(OnnxModels.looping())) {
      Tensor count = new Tensor("count", DataType.INT64, Shape.of(), longs(Long.MAX_VALUE));
      Tensor start = new Tensor("start", DataType.FP32, Shape.of(1), floats(1));
      var control = new RunControl(System.nanoTime() + Duration.ofMillis(50).toNanos());
      // When
      var error = catchThrowableOfType(
          PredictException.class,
          () -> model.predict(List.of(count, start), Set.of(), control).close());
      // Then
      assertThat(error.kind()).isEqualTo(Kind.DEADLINE);
      Tensor once = new Tensor("count", DataType.INT64, Shape.of(), longs(1));
      try (Outputs outputs = model.predict(List.of(once, start), Set.of(), soon())) {
        assertThat(outputs.tensors()).hasSize(1);
      }
    }
  }

  @Test
  void aValueThatAKernelRefusesIsTheCallersFault() throws Exception {
    byte[] bytes = OnnxModels.model()
        .input("X", DataType.INT64, "N")
        .output("Y", DataType.INT64, "N")
        .initializer("table", DataType.INT64, new long[] {2}, copy(longs(5, 6)))
        .node("Gather", "table", "X", "Y")
        .build();
    try (LoadedModel model = load(bytes)) {
      Tensor input = new Tensor("X", DataType.INT64, Shape.of(1), longs(7));
      assertThatThrownBy(() -> model.predict(List.of(input), Set.of(), soon()))
          .isInstanceOfSatisfying(PredictException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.BAD_INPUT);
            assertThat(e).hasMessageContaining("Gather");
          });
    }
  }

  @Test
  void inputsThatShareADimensionMustAgreeOnIt() throws Exception {
    byte[] bytes = OnnxModels.model()
        .input("A", DataType.FP32, "N")
        .input("B", DataType.FP32, "N")
        .output("Y", DataType.FP32, "N")
        .node("Add", "A", "B", "Y")
        .build();
    Tensor two = new Tensor("A", DataType.FP32, Shape.of(2), floats(1, 2));
    Tensor three = new Tensor("B", DataType.FP32, Shape.of(3), floats(1, 2, 3));
    try (LoadedModel model = load(bytes)) {
      assertThatThrownBy(() -> model.predict(List.of(three, two), Set.of(), soon()))
          .hasMessage("inputs 'A' and 'B' share the dimension 'N', and have 2 and 3 there");
    }
  }

  private LoadedModel load(byte[] model) throws IOException, ModelLoadException {
    OnnxModels.write(folder, model);
    return engine.load(folder, ServingSettings.defaults());
  }
}
