package dev.slipway.registry.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.model.VersionView.Servable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlModelReaderTest {
  @Test
  void tensorsKeepTheirShapes() {
    MlModel model = read("""
        signature:
          inputs: '[{"name":"X","type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,4]}},
            {"type":"tensor","tensor-spec":{"dtype":"<U7","shape":[2]}}]'
          outputs: null
        """);
    assertThat(model.signature().inputs())
        .containsExactly(
            new TensorSpec("X", DataType.FP32, Shape.of(-1, 4)),
            new TensorSpec("input-1", DataType.BYTES, Shape.of(2)));
    assertThat(model.signature().outputs()).isEmpty();
  }

  @Test
  void columnsAreTensorsOfRows() {
    MlModel model = read("""
        signature:
          inputs: '[{"type":"double","name":"a","required":true},{"type":"string","name":"b","required":false},
            {"type":"array","items":{"type":"array","items":{"type":"long"}},"name":"c"}]'
          outputs: '[{"type":"integer"}]'
        """);
    assertThat(model.signature().inputs())
        .containsExactly(
            new TensorSpec("a", DataType.FP64, Shape.of(-1)),
            new TensorSpec("b", DataType.BYTES, Shape.of(-1), true),
            new TensorSpec("c", DataType.INT64, Shape.of(-1, -1, -1)));
    assertThat(model.signature().outputs())
        .containsExactly(new TensorSpec("output-0", DataType.INT32, Shape.of(-1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"type\":\"object\",\"properties\":{},\"name\":\"o\"}]",
        "[{\"type\":\"datetime\",\"name\":\"t\"}]",
        "[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"complex64\",\"shape\":[1]}}]",
        "[{\"type\":\"long\",\"name\":\"a\"},{\"type\":\"long\",\"name\":\"a\"}]",
        "[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"int8\",\"shape\":[-5]}}]"
      })
  void whatTensorsCannotExpressIsKeptAsItIsWithANote(String inputs) {
    MlModel model = read("signature: {inputs: '" + inputs + "'}");
    assertThat(model.signature()).isNull();
    assertThat(model.signatureNote()).isNotBlank();
    assertThat(model.rawSignature().path("inputs").isArray()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "- a list",
        "{unclosed",
        "a: !!javax.script.ScriptEngineManager []",
        "a: &a [*a]",
        "\u0000\u0001",
        "signature: {inputs: 'no json', outputs: 7}",
      })
  void brokenAndHostileFilesAreNoModels(String file) {
    Optional<MlModel> model = MlModelReader.read(file.getBytes(StandardCharsets.UTF_8));
    assertThat(model.map(MlModel::signature)).isEmpty();
  }

  @Test
  void aFileThatGrowsWhenItIsReadIsRefused() {
    var bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(MlModelReader.read(bomb.toString().getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "onnx: {data: model.onnx}, python_function: {} | onnx | -",
        "pytorch: {model_data: data}, python_function: {} | - | -",
        "xgboost: {data: model.ubj}, python_function: {} | xgboost-ubj | -",
        "lightgbm: {data: model.pkl}, python_function: {} | pickle | lightgbm pickle: not served",
        "lightgbm: {data: model.skops}, python_function: {} | - | lightgbm skops: not served; log the booster itself",
        "tensorflow: {model_type: keras, keras_save_format: h5} | keras | Keras file: not served",
        "sklearn: {serialization_format: skops}, python_function: {} | - | sklearn skops: not served; export with skl2onnx",
        "sklearn: {}, python_function: {} | onnx | -",
        "python_function: {loader_module: mine} | - | Python function (pyfunc): not served",
        "prophet: {}, python_function: {} | - | prophet: not served; export the model to ONNX"
      })
  void whatCannotBeServedIsSaidAndWhatToDo(String flavors, String format, String reason) {
    Optional<Servable> said = Servability.of(read("flavors: {" + flavors + "}"), format);
    if (reason == null) {
      assertThat(said).isEmpty();
    } else {
      assertThat(said.orElseThrow().state()).isEqualTo(Servable.State.NO);
      assertThat(said.orElseThrow().reason()).startsWith(reason);
    }
  }

  @Test
  void itIsStoredAndReadBackAlike() throws Exception {
    ObjectMapper json = dev.slipway.common.json.WireJson.mapper();
    MlModel model = read("""
        flavors: {onnx: {data: model.onnx}}
        signature: {inputs: '[{"type":"long","name":"a"}]', outputs: '[]'}
        run_id: r
        model_id: m-1
        mlflow_version: 3.17.2
        """);
    assertThat(json.readValue(json.writeValueAsString(model), MlModel.class)).isEqualTo(model);
  }

  private static MlModel read(String file) {
    return MlModelReader.read(file.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }
}
