package dev.slipway.registry.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.lineage.MlModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeclaredSignatureTest {
  private static final TensorSpec X = spec("x", DataType.FP32, -1, 4);
  private static final TensorSpec Y = spec("y", DataType.FP32, -1, 3);
  private static final ModelSignature GRAPH = graph(X);

  @Test
  void aDeclarationOfWhatTheGraphHasDiffersInNothing() {
    assertThat(declared(GRAPH, List.of(X), List.of(Y)).isEmpty()).isTrue();
  }

  @Test
  void inputsThatOnlyOneOfTheTwoHasAreBreaking() {
    DeclaredSignature found =
        declared(graph(X, spec("mask", DataType.BOOL, -1)), List.of(X, spec("old", DataType.FP32)));

    assertThat(found.breaking())
        .containsExactly(
            "input old is declared, and the graph has none of that name",
            "input mask is not declared, and the graph needs it");
    assertThat(found.differing()).isEmpty();
  }

  @Test
  void anotherDatatypeIsBreakingButPythonsFloatsAreNarrowed() {
    assertThat(declared(GRAPH, List.of(spec("x", DataType.INT64, -1, 4))).breaking())
        .containsExactly("input x is declared as INT64, and the graph has FP32");

    DeclaredSignature narrowed = declared(GRAPH, List.of(spec("x", DataType.FP64, -1, 4)));
    assertThat(narrowed.breaking()).isEmpty();
    assertThat(narrowed.differing())
        .containsExactly("input x is declared as FP64, and the graph has FP32");
  }

  @Test
  void aShapeThatTheGraphDoesNotTakeDiffersAndANarrowerOneDoesNot() {
    assertThat(declared(GRAPH, List.of(spec("x", DataType.FP32, -1, 5))).differing())
        .containsExactly("input x is declared as [-1, 5], and the graph takes [-1, 4]");
    assertThat(declared(GRAPH, List.of(spec("x", DataType.FP32, -1))).differing())
        .hasSize(1);
    assertThat(declared(graph(spec("x", DataType.FP32, 1, 4)), List.of(X)).differing())
        .containsExactly("input x is declared as [-1, 4], and the graph takes [1, 4]");
    assertThat(declared(graph(spec("x", DataType.FP32, -1, -1)), List.of(X)).isEmpty())
        .isTrue();
  }

  @Test
  void outputsDifferInNameDatatypeAndInWhatBothFix() {
    assertThat(declared(GRAPH, List.of(X), List.of(spec("z", DataType.FP32, -1, 3)))
            .differing())
        .containsExactly("output z is declared, and the graph has none of that name");
    assertThat(declared(GRAPH, List.of(X), List.of(spec("y", DataType.INT64, -1, 3)))
            .breaking())
        .hasSize(1);
    assertThat(declared(GRAPH, List.of(X), List.of(spec("y", DataType.FP32, -1, 2)))
            .differing())
        .containsExactly("output y is declared as [-1, 2], and the graph gives [-1, 3]");
    assertThat(declared(GRAPH, List.of(X), List.of(spec("y", DataType.FP32, -1, -1)))
            .isEmpty())
        .isTrue();
  }

  @Test
  void oneTensorWithoutANameIsTheOnlyOneThereIs() {
    TensorSpec unnamed = spec(null, DataType.FP32, -1, 4);

    assertThat(declared(GRAPH, List.of(unnamed)).isEmpty()).isTrue();
    assertThat(declared(GRAPH, List.of(spec(null, DataType.INT32, -1, 4))).breaking())
        .containsExactly("input x is declared as INT32, and the graph has FP32");
    assertThat(declared(graph(X, spec("w", DataType.FP32, 1)), List.of(unnamed)).breaking())
        .containsExactly("one input without a name is declared, and the graph needs 2: x, w");
  }

  @Test
  void columnsAreNotComparedWithATensor() throws Exception {
    JsonNode columns = new ObjectMapper()
        .readTree("{\"inputs\": [{\"name\": \"a\", \"type\": \"double\", \"required\": true}]}");
    var signature = new ModelSignature(List.of(spec("a", DataType.FP64, -1)), List.of());

    assertThat(DeclaredSignature.against(GRAPH, mlModel(signature, columns)).isEmpty())
        .isTrue();
    assertThat(DeclaredSignature.against(GRAPH, mlModel(null, null)).isEmpty()).isTrue();
  }

  private static DeclaredSignature declared(ModelSignature graph, List<TensorSpec> inputs) {
    return declared(graph, inputs, List.of());
  }

  /** As MLflow writes it; a name of null is left out, and called by its place. */
  private static DeclaredSignature declared(
      ModelSignature graph, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    JsonNode raw = new ObjectMapper()
        .valueToTree(Map.of("inputs", schema(inputs), "outputs", schema(outputs)));
    var signature =
        new ModelSignature(inputs.stream().map(DeclaredSignatureTest::named).toList(), outputs);
    return DeclaredSignature.against(graph, mlModel(signature, raw));
  }

  private static List<Map<String, ?>> schema(List<TensorSpec> specs) {
    return specs.stream()
        .<Map<String, ?>>map(spec -> spec.name().isEmpty()
            ? Map.of("type", "tensor")
            : Map.of("type", "tensor", "name", spec.name()))
        .toList();
  }

  private static TensorSpec named(TensorSpec spec) {
    return spec.name().isEmpty() ? new TensorSpec("input-0", spec.datatype(), spec.shape()) : spec;
  }

  private static MlModel mlModel(ModelSignature signature, JsonNode raw) {
    return new MlModel(Map.of(), signature, null, raw, null, null, null, null);
  }

  private static ModelSignature graph(TensorSpec... inputs) {
    return new ModelSignature(List.of(inputs), List.of(Y));
  }

  private static TensorSpec spec(String name, DataType type, long... shape) {
    return new TensorSpec(name == null ? "" : name, type, Shape.of(shape));
  }
}
