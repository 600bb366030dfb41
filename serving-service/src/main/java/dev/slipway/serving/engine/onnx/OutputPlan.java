package dev.slipway.serving.engine.onnx;

import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.Tensor;
import dev.slipway.serving.engine.onnx.OnnxIo.Plain;
import dev.slipway.serving.engine.onnx.OnnxIo.Port;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Foretells output shapes, so that outputs can be written straight into our buffers: a dimension is fixed, or has the
 * symbolic name of an input's dimension, or is an unnamed first one and then taken for the batch. What a model declares may be
 * wrong, so nothing is pinned before one run has agreed, and never again after one that has not.
 */
final class OutputPlan {
  private enum Trust {
    UNTRIED,
    AGREED,
    BROKEN
  }

  /** Where a dimension is found among the inputs. */
  private record Source(int input, int dimension) {}

  private final Map<String, Dimension[]> outputs = new HashMap<>();
  private volatile Trust trust = Trust.UNTRIED;

  /** A dimension's value: {@code fixed} when {@code source} is null. */
  private record Dimension(long fixed, Source source) {}

  OutputPlan(OnnxIo io) {
    Map<String, Source> names = new HashMap<>();
    Source batch = null;
    for (int i = 0; i < io.inputs().size(); i++) {
      Port port = io.inputs().get(i);
      for (int d = 0; d < port.shape().rank(); d++) {
        if (port.shape().dimension(d) < 0 && !port.dimensionNames().get(d).isEmpty()) {
          names.putIfAbsent(port.dimensionNames().get(d), new Source(i, d));
        }
      }
      if (batch == null && port.shape().rank() > 0 && port.shape().dimension(0) < 0) {
        batch = new Source(i, 0);
      }
    }
    for (OnnxIo.Output output : io.outputs()) {
      if (output instanceof Plain(Port port) && port.datatype().isFixedSize()) {
        dimensions(port, names, batch).ifPresent(found -> outputs.put(port.name(), found));
      }
    }
  }

  private static Optional<Dimension[]> dimensions(
      Port port, Map<String, Source> names, Source batch) {
    var result = new Dimension[port.shape().rank()];
    for (int d = 0; d < result.length; d++) {
      long declared = port.shape().dimension(d);
      String name = port.dimensionNames().get(d);
      Source source = declared >= 0 ? null : name.isEmpty() && d == 0 ? batch : names.get(name);
      if (declared < 0 && source == null) {
        return Optional.empty();
      }
      result[d] = new Dimension(declared, source);
    }
    return Optional.of(result);
  }

  /** Whether outputs may be pinned now. */
  boolean isTrusted() {
    return trust == Trust.AGREED;
  }

  /** The shape that the output will have; empty when the graph does not say. */
  Optional<Shape> shape(String output, List<Tensor> inputs) {
    Dimension[] dimensions = outputs.get(output);
    if (dimensions == null) {
      return Optional.empty();
    }
    var shape = new long[dimensions.length];
    for (int d = 0; d < shape.length; d++) {
      Source source = dimensions[d].source();
      shape[d] = source == null
          ? dimensions[d].fixed()
          : inputs.get(source.input()).shape().dimension(source.dimension());
    }
    return Optional.of(Shape.of(shape));
  }

  /** Compares what was foretold with what an unpinned run gave. */
  void learn(List<Tensor> inputs, List<Tensor> answers) {
    if (trust != Trust.UNTRIED) {
      return;
    }
    boolean agreed = true;
    for (Tensor answer : answers) {
      Optional<Shape> foretold = shape(answer.name(), inputs);
      agreed &= foretold.isEmpty() || foretold.get().equals(answer.shape());
    }
    trust = agreed ? Trust.AGREED : Trust.BROKEN;
  }

  /** A pinned run failed where an unpinned one did not. */
  void distrust() {
    trust = Trust.BROKEN;
  }
}
