package dev.slipway.serving.engine.onnx;

import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.ClassScores;
import java.util.ArrayList;
import java.util.List;

/** The graph's inputs and outputs as the runtime names them, and the signature made of them. */
record OnnxIo(List<Port> inputs, List<Output> outputs) {

  /**
   * A tensor of the graph.
   *
   * @param dimensionNames the symbolic name of each dimension; "" where it has none
   */
  record Port(String name, DataType datatype, Shape shape, List<String> dimensionNames) {
    TensorSpec spec() {
      return new TensorSpec(name, datatype, shape);
    }
  }

  /** What a graph output becomes. */
  sealed interface Output {
    String name();

    /** The tensors that callers see, the one of the same name first. */
    List<TensorSpec> specs();
  }

  /** An output that is a tensor. */
  record Plain(Port port) implements Output {
    @Override
    public String name() {
      return port.name();
    }

    @Override
    public List<TensorSpec> specs() {
      return List.of(port.spec());
    }
  }

  /**
   * scikit-learn's ZipMap, a sequence of maps from class label to score: it becomes a tensor of scores [n, classes] under the
   * output's own name, and the labels [classes] beside it.
   *
   * @param labels in the model's order, all Long or all String; empty when the file does not say: then in ascending order
   * @param classesName the name of the tensor of labels
   */
  record ZipMap(String name, String classesName, DataType labelType, List<Object> labels)
      implements Output {
    @Override
    public List<TensorSpec> specs() {
      long classes = labels.isEmpty() ? -1 : labels.size();
      return List.of(
          new TensorSpec(name, DataType.FP32, Shape.of(-1, classes)),
          new TensorSpec(classesName, labelType, Shape.of(classes)));
    }
  }

  List<ClassScores> classScores() {
    var scores = new ArrayList<ClassScores>();
    for (Output output : outputs) {
      if (output instanceof ZipMap zipMap) {
        scores.add(new ClassScores(zipMap.name(), zipMap.classesName()));
      }
    }
    return List.copyOf(scores);
  }

  ModelSignature signature() {
    var outputSpecs = new ArrayList<TensorSpec>();
    outputs.forEach(output -> outputSpecs.addAll(output.specs()));
    return new ModelSignature(inputs.stream().map(Port::spec).toList(), outputSpecs);
  }
}
