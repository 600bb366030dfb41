package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.Shape;
import dev.slipway.serving.engine.ModelLoadException;
import dev.slipway.serving.engine.onnx.OnnxIo.Output;
import dev.slipway.serving.engine.onnx.OnnxIo.Plain;
import dev.slipway.serving.engine.onnx.OnnxIo.Port;
import dev.slipway.serving.engine.onnx.OnnxIo.ZipMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Reads a session's inputs and outputs, and refuses what a tensor protocol cannot carry. */
final class OnnxIoReader {
  private final OnnxGraph graph;
  private final OnnxRuntimeAccess runtime;

  OnnxIoReader(OnnxGraph graph, OnnxRuntimeAccess runtime) {
    this.graph = graph;
    this.runtime = runtime;
  }

  OnnxIo read(OrtSession session) throws OrtException, ModelLoadException {
    var inputs = new ArrayList<Port>();
    for (NodeInfo input : session.getInputInfo().values()) {
      inputs.add(input(input));
    }
    var outputs = new ArrayList<Output>();
    for (NodeInfo output : session.getOutputInfo().values()) {
      outputs.add(output(output, session.getOutputNames()));
    }
    return new OnnxIo(List.copyOf(inputs), List.copyOf(outputs));
  }

  private Port input(NodeInfo input) throws ModelLoadException {
    if (!(input.getInfo() instanceof TensorInfo info)) {
      throw new ModelLoadException("input '" + input.getName()
          + "' is not a tensor but a sequence, map or optional value, which no inference protocol"
          + " carries; export the model with tensor inputs");
    }
    if (graph.unranked().contains(input.getName())) {
      throw new ModelLoadException(
          "input '" + input.getName()
              + "' declares no shape; export the model with a shape (free dimensions may stay symbolic)");
    }
    Port port = port(input.getName(), info, "input");
    if (!runtime.supports(port.datatype())) {
      throw new ModelLoadException("input '" + port.name() + "' is of type " + port.datatype()
          + ", which this runtime cannot be given; export the model with a signed or float input"
          + " and a Cast");
    }
    return port;
  }

  private Output output(NodeInfo output, Set<String> taken) throws ModelLoadException {
    return switch (output.getInfo()) {
      case TensorInfo info -> new Plain(port(output.getName(), info, "output"));
      case SequenceInfo info
      when info.sequenceOfMaps && isScores(info.mapInfo) ->
        zipMap(output.getName(), info.mapInfo, taken);
      case SequenceInfo _, MapInfo _ ->
        throw new ModelLoadException("output '" + output.getName()
            + "' is a sequence or map, which no inference protocol carries; export the model"
            + " with tensor outputs (for scikit-learn: the option zipmap=False)");
      default ->
        throw new ModelLoadException("output '" + output.getName()
            + "' is not a tensor; export the model with tensor outputs");
    };
  }

  private static boolean isScores(MapInfo map) {
    return map.valueType == OnnxJavaType.FLOAT
        && (map.keyType == OnnxJavaType.INT64 || map.keyType == OnnxJavaType.STRING);
  }

  private ZipMap zipMap(String name, MapInfo map, Set<String> taken) {
    String classes = name + "_classes";
    while (taken.contains(classes)) {
      classes += "_";
    }
    DataType labelType = map.keyType == OnnxJavaType.STRING ? DataType.BYTES : DataType.INT64;
    return new ZipMap(name, classes, labelType, graph.zipMapLabels().getOrDefault(name, List.of()));
  }

  private static Port port(String name, TensorInfo info, String kind) throws ModelLoadException {
    DataType datatype = OnnxTypes.dataType(info)
        .orElseThrow(() -> new ModelLoadException(kind + " '" + name + "' has the element type "
            + info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "")
            + ", which the Open Inference Protocol has no word for"));
    long[] shape = Arrays.stream(info.getShape()).map(d -> Math.max(d, -1)).toArray();
    return new Port(name, datatype, Shape.of(shape), dimensionNames(info, shape.length));
  }

  private static List<String> dimensionNames(TensorInfo info, int rank) {
    String[] names = info.getDimensionNames();
    var result = new ArrayList<String>();
    for (int i = 0; i < rank; i++) {
      boolean named = names != null && i < names.length && names[i] != null;
      result.add(named ? names[i] : "");
    }
    return List.copyOf(result);
  }
}
