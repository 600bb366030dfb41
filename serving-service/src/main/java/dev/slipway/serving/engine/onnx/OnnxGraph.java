package dev.slipway.serving.engine.onnx;

import dev.slipway.serving.engine.onnx.ProtoReader.MalformedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What ONNX Runtime's Java API does not tell of a model file (field numbers: onnx.proto of ONNX 1.19): opsets, operators, the
 * files that hold external data, the class labels of ZipMap nodes, inputs without a declared rank.
 *
 * @param opsets domain ("ai.onnx" for the default one) to version
 * @param operators in the graph, its subgraphs and its functions
 * @param externalData locations as the file names them
 * @param zipMapLabels the output of a ZipMap node to its labels: all {@link Long} or all {@link String}
 * @param unranked names of graph inputs that declare no shape at all
 */
record OnnxGraph(
    long irVersion,
    Map<String, Long> opsets,
    OperatorCounts operators,
    Set<String> externalData,
    Map<String, List<Object>> zipMapLabels,
    Set<String> unranked) {

  static OnnxGraph none() {
    return new OnnxGraph(0, Map.of(), new OperatorCounts(), Set.of(), Map.of(), Set.of());
  }

  /** Whether the file parses as far as its top level goes and has a graph. */
  static boolean looksLikeOnnx(Path file) {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var model = new ProtoReader(map(channel, arena));
      boolean graph = false;
      while (model.next()) {
        graph |= model.field() == 7 && model.isMessage();
        model.skip();
      }
      return graph;
    } catch (IOException | MalformedException e) {
      return false;
    }
  }

  /**
   * @throws MalformedException when it is not protobuf
   */
  static OnnxGraph read(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Scan().model(new ProtoReader(map(channel, arena)));
    }
  }

  private static MemorySegment map(FileChannel channel, Arena arena) throws IOException {
    return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
  }

  /** One walk over the file. */
  private static final class Scan {
    private static final int MAX_SUBGRAPHS = 64;

    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final OperatorCounts operators = new OperatorCounts();
    private final Set<String> externalData = new LinkedHashSet<>();
    private final Map<String, List<Object>> labels = new HashMap<>();
    private final Set<String> unranked = new LinkedHashSet<>();
    private long irVersion;

    OnnxGraph model(ProtoReader model) {
      while (model.next()) {
        switch (model.field()) {
          case 1 -> irVersion = model.varint();
          case 7 -> graph(model.message(), 0);
          case 8 -> opset(model.message());
          case 20 -> training(model.message());
          case 25 -> function(model.message());
          default -> model.skip();
        }
      }
      return new OnnxGraph(irVersion, opsets, operators, externalData, labels, unranked);
    }

    /** Nothing of it is run here, and yet its weights are files of the model. */
    private void training(ProtoReader training) {
      while (training.next()) {
        switch (training.field()) {
          case 1, 2 -> graph(training.message(), 1);
          default -> training.skip();
        }
      }
    }

    /** A function of the model's own: its nodes, and the attributes that have a default. */
    private void function(ProtoReader function) {
      while (function.next()) {
        switch (function.field()) {
          case 7 -> node(function.message(), 1);
          case 11 -> attribute(function.message(), null, 1);
          default -> function.skip();
        }
      }
    }

    private void opset(ProtoReader opset) {
      String domain = "";
      long version = 0;
      while (opset.next()) {
        switch (opset.field()) {
          case 1 -> domain = opset.string();
          case 2 -> version = opset.varint();
          default -> opset.skip();
        }
      }
      opsets.put(domain.isEmpty() ? "ai.onnx" : domain, version);
    }

    private void graph(ProtoReader graph, int depth) {
      if (depth > MAX_SUBGRAPHS) {
        throw new MalformedException("graphs nested more than " + MAX_SUBGRAPHS + " deep");
      }
      while (graph.next()) {
        switch (graph.field()) {
          case 1 -> node(graph.message(), depth);
          case 5 -> tensor(graph.message());
          case 11 -> {
            if (depth == 0) {
              input(graph.message());
            } else {
              graph.skip();
            }
          }
          case 15 -> sparseTensor(graph.message());
          default -> graph.skip();
        }
      }
    }

    private void node(ProtoReader node, int depth) {
      String output = null;
      String operator = "";
      String domain = "";
      var attributes = new ArrayList<ProtoReader>();
      while (node.next()) {
        switch (node.field()) {
          case 2 -> output = node.string();
          case 4 -> operator = node.string();
          case 5 -> attributes.add(node.message());
          case 7 -> domain = node.string();
          default -> node.skip();
        }
      }
      operators.add(domain, operator);
      var found = new ArrayList<Object>();
      for (ProtoReader attribute : attributes) {
        attribute(attribute, operator.equals("ZipMap") ? found : null, depth);
      }
      if (output != null && !found.isEmpty()) {
        labels.put(output, List.copyOf(found));
      }
    }

    /** {@code found} takes the attribute's integers or strings; null when nobody wants them. */
    private void attribute(ProtoReader attribute, List<Object> found, int depth) {
      while (attribute.next()) {
        switch (attribute.field()) {
          case 5, 10 -> tensor(attribute.message());
          case 6, 11 -> graph(attribute.message(), depth + 1);
          case 8 -> integers(attribute, found);
          case 9 -> {
            if (found == null) {
              attribute.skip();
            } else {
              found.add(attribute.string());
            }
          }
          case 22, 23 -> sparseTensor(attribute.message());
          default -> attribute.skip();
        }
      }
    }

    private static void integers(ProtoReader attribute, List<Object> found) {
      if (found == null) {
        attribute.skip();
      } else if (attribute.isMessage()) {
        attribute.message().packedVarints(found);
      } else {
        found.add(attribute.varint());
      }
    }

    private void sparseTensor(ProtoReader sparse) {
      while (sparse.next()) {
        if (sparse.field() == 1 || sparse.field() == 2) {
          tensor(sparse.message());
        } else {
          sparse.skip();
        }
      }
    }

    private void tensor(ProtoReader tensor) {
      while (tensor.next()) {
        if (tensor.field() == 13) {
          location(tensor.message());
        } else {
          tensor.skip();
        }
      }
    }

    private void location(ProtoReader entry) {
      String key = "";
      String value = "";
      while (entry.next()) {
        switch (entry.field()) {
          case 1 -> key = entry.string();
          case 2 -> value = entry.string();
          default -> entry.skip();
        }
      }
      if (key.equals("location")) {
        externalData.add(value);
      }
    }

    private void input(ProtoReader valueInfo) {
      String name = "";
      boolean ranked = false;
      while (valueInfo.next()) {
        switch (valueInfo.field()) {
          case 1 -> name = valueInfo.string();
          case 2 -> ranked = hasShape(valueInfo.message());
          default -> valueInfo.skip();
        }
      }
      if (!ranked) {
        unranked.add(name);
      }
    }

    private static boolean hasShape(ProtoReader type) {
      boolean shape = false;
      while (type.next()) {
        if (type.field() == 1) {
          ProtoReader tensorType = type.message();
          while (tensorType.next()) {
            shape |= tensorType.field() == 2;
            tensorType.skip();
          }
        } else {
          type.skip();
        }
      }
      return shape;
    }
  }
}
