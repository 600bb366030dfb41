package dev.slipway.registry.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.registry.lineage.MlModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What an {@code MLmodel} declares (mlflow.models.signature) beside what the model's graph has. Only tensors are comparable:
 * columns of a table become one matrix or several inputs, as the model's author saw fit. Whoever calls by a declaration that
 * is wrong about an input or a datatype gets errors; one that is wrong about a shape may.
 *
 * @param breaking each input that only one of the two has, each datatype that is another
 * @param differing each shape that does not fit, each output that the graph has not
 */
record DeclaredSignature(List<String> breaking, List<String> differing) {

  /** Without a difference when nothing is declared, or nothing that can be compared. */
  static DeclaredSignature against(ModelSignature graph, MlModel declared) {
    var found = new DeclaredSignature(new ArrayList<>(), new ArrayList<>());
    if (declared.signature() != null && declared.rawSignature() != null) {
      JsonNode raw = declared.rawSignature();
      if (isOfTensors(raw.path("inputs"))) {
        found.inputs(declared.signature().inputs(), isNamed(raw.path("inputs")), graph.inputs());
      }
      if (isOfTensors(raw.path("outputs"))) {
        found.outputs(
            declared.signature().outputs(), isNamed(raw.path("outputs")), graph.outputs());
      }
    }
    return found;
  }

  boolean isEmpty() {
    return breaking.isEmpty() && differing.isEmpty();
  }

  private static boolean isOfTensors(JsonNode schema) {
    return !schema.isEmpty()
        && StreamSupport.stream(schema.spliterator(), false)
            .allMatch(entry -> entry.path("type").asText().equals("tensor"));
  }

  /** A schema of one tensor may leave its name out; of several none may. */
  private static boolean isNamed(JsonNode schema) {
    return schema.get(0).path("name").isTextual();
  }

  private void inputs(List<TensorSpec> declared, boolean named, List<TensorSpec> graph) {
    if (!named) {
      List<TensorSpec> needed = graph.stream().filter(spec -> !spec.optional()).toList();
      if (needed.size() == 1) {
        input(declared.getFirst(), needed.getFirst());
      } else {
        breaking.add("one input without a name is declared, and the graph needs " + needed.size()
            + ": " + names(needed));
      }
      return;
    }
    for (TensorSpec one : declared) {
      TensorSpec other = find(graph, one.name());
      if (other != null) {
        input(one, other);
      } else {
        (one.optional() ? differing : breaking)
            .add("input " + one.name() + " is declared, and the graph has none of that name");
      }
    }
    for (TensorSpec one : graph) {
      if (!one.optional() && find(declared, one.name()) == null) {
        breaking.add("input " + one.name() + " is not declared, and the graph needs it");
      }
    }
  }

  private void input(TensorSpec declared, TensorSpec graph) {
    String what = "input " + graph.name();
    datatype(what, declared, graph);
    Shape said = declared.shape();
    Shape has = graph.shape();
    boolean fits = said.rank() == has.rank();
    for (int i = 0; fits && i < has.rank(); i++) {
      fits = has.dimension(i) < 0 || has.dimension(i) == said.dimension(i);
    }
    if (!fits) {
      differing.add(what + " is declared as " + said + ", and the graph takes " + has);
    }
  }

  private void outputs(List<TensorSpec> declared, boolean named, List<TensorSpec> graph) {
    if (!named) {
      if (graph.size() == 1) {
        output(declared.getFirst(), graph.getFirst());
      }
      return;
    }
    for (TensorSpec one : declared) {
      TensorSpec other = find(graph, one.name());
      if (other == null) {
        differing.add("output " + one.name() + " is declared, and the graph has none of that name");
      } else {
        output(one, other);
      }
    }
  }

  /** Exporters often leave an output's shape open, or out: only what both fix can differ. */
  private void output(TensorSpec declared, TensorSpec graph) {
    String what = "output " + graph.name();
    datatype(what, declared, graph);
    Shape said = declared.shape();
    Shape has = graph.shape();
    boolean fits = has.rank() == 0 || said.rank() == has.rank();
    for (int i = 0; fits && i < has.rank(); i++) {
      fits = has.dimension(i) < 0 || said.dimension(i) < 0 || has.dimension(i) == said.dimension(i);
    }
    if (!fits) {
      differing.add(what + " is declared as " + said + ", and the graph gives " + has);
    }
  }

  /** Python's floats are FP64 and most graphs are FP32: MLflow's ONNX flavor narrows by itself, so it is no break. */
  private void datatype(String what, TensorSpec declared, TensorSpec graph) {
    if (declared.datatype() == graph.datatype()) {
      return;
    }
    boolean narrowed = declared.datatype() == DataType.FP64 && graph.datatype() == DataType.FP32;
    (narrowed ? differing : breaking)
        .add(what + " is declared as " + declared.datatype() + ", and the graph has "
            + graph.datatype());
  }

  private static TensorSpec find(List<TensorSpec> specs, String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst().orElse(null);
  }

  private static String names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).collect(Collectors.joining(", "));
  }
}
