package dev.slipway.serving.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.slipway.common.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds small ONNX models (field numbers of onnx.proto), for cases that no exporter writes. */
public final class OnnxModels {
  private final List<Proto> nodes = new ArrayList<>();
  private final List<Proto> initializers = new ArrayList<>();
  private final List<Proto> inputs = new ArrayList<>();
  private final List<Proto> outputs = new ArrayList<>();
  private long irVersion = 8;
  private long opset = 17;

  public static OnnxModels model() {
    return new OnnxModels();
  }

  /** One Identity node: X in, Y out. */
  public static byte[] identity(DataType type, Object... shape) {
    return model()
        .input("X", type, shape)
        .output("Y", type, shape)
        .node("Identity", "X", "Y")
        .build();
  }

  /** Runs as many rounds as {@code count} says: as long as one likes. */
  public static byte[] looping() {
    return model()
        .input("count", DataType.INT64)
        .input("start", DataType.FP32, 1)
        .output("last", DataType.FP32, 1)
        .node("Loop", List.of(graph("body", cosines(1))), "count", "", "start", "last")
        .build();
  }

  /** The body of a Loop that takes the cosine of {@code width} values again in each round. */
  public static OnnxModels cosines(int width) {
    return model()
        .input("i", DataType.INT64)
        .input("go", DataType.BOOL)
        .input("v", DataType.FP32, width)
        .output("go_on", DataType.BOOL)
        .output("next", DataType.FP32, width)
        .node("Identity", "go", "go_on")
        .node("Cos", "v", "next");
  }

  /** Writes the bytes as {@code model.onnx} in the folder. */
  public static Path write(Path folder, byte[] model) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve("model.onnx"), model);
  }

  /** Writes it as {@code model.ort} in the folder, as the runtime's own converter makes it. */
  public static void writeOrt(Path folder, byte[] model) throws IOException {
    Files.createDirectories(folder);
    var runtime = OnnxRuntimeAccess.get().environment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setOptimizedModelFilePath(folder.resolve("model.ort").toString());
      options.addConfigEntry("session.save_model_format", "ORT");
      runtime.createSession(model, options).close();
    } catch (OrtException e) {
      throw new IOException(e);
    }
  }

  public OnnxModels irVersion(long version) {
    irVersion = version;
    return this;
  }

  public OnnxModels opset(long version) {
    opset = version;
    return this;
  }

  /** Dimensions are numbers, names, or null for one that is free and has no name. */
  public OnnxModels input(String name, DataType type, Object... shape) {
    inputs.add(tensorInfo(name, type, shape));
    return this;
  }

  public OnnxModels output(String name, DataType type, Object... shape) {
    outputs.add(tensorInfo(name, type, shape));
    return this;
  }

  /** An output that is a sequence of maps from integers or strings to floats. */
  public OnnxModels zipMapOutput(String name, DataType keys) {
    Proto floatTensor = Proto.message().varint(1, 1).message(2, Proto.message());
    Proto map = Proto.message()
        .varint(1, elementType(keys))
        .message(2, Proto.message().message(1, floatTensor));
    Proto sequence = Proto.message().message(1, Proto.message().message(5, map));
    outputs.add(Proto.message().text(1, name).message(2, Proto.message().message(4, sequence)));
    return this;
  }

  /** An output that is a sequence of float tensors. */
  public OnnxModels sequenceOutput(String name) {
    Proto floatTensor = Proto.message().varint(1, 1);
    Proto sequence = Proto.message().message(1, Proto.message().message(1, floatTensor));
    outputs.add(Proto.message().text(1, name).message(2, Proto.message().message(4, sequence)));
    return this;
  }

  /** An input without any declared shape. */
  public OnnxModels unrankedInput(String name, DataType type) {
    Proto tensor = Proto.message().varint(1, elementType(type));
    inputs.add(Proto.message().text(1, name).message(2, Proto.message().message(1, tensor)));
    return this;
  }

  /** {@code names}: the inputs, then the one output. */
  public OnnxModels node(String operator, String... names) {
    return node(operator, List.of(), names);
  }

  public OnnxModels node(String operator, List<Proto> attributes, String... names) {
    return node("", operator, attributes, names);
  }

  public OnnxModels node(String domain, String operator, List<Proto> attributes, String... names) {
    Proto node = Proto.message();
    for (int i = 0; i < names.length - 1; i++) {
      node.text(1, names[i]);
    }
    node.text(2, names[names.length - 1]).text(3, operator + "_" + nodes.size()).text(4, operator);
    attributes.forEach(attribute -> node.message(5, attribute));
    nodes.add(domain.isEmpty() ? node : node.text(7, domain));
    return this;
  }

  public static Proto ints(String name, long... values) {
    Proto attribute = Proto.message().text(1, name);
    for (long value : values) {
      attribute.varint(8, value);
    }
    return attribute.varint(20, 7);
  }

  public static Proto strings(String name, String... values) {
    Proto attribute = Proto.message().text(1, name);
    for (String value : values) {
      attribute.text(9, value);
    }
    return attribute.varint(20, 8);
  }

  public static Proto integers(String name, long... values) {
    Proto attribute = Proto.message().text(1, name);
    for (long value : values) {
      attribute.varint(8, value);
    }
    return attribute.varint(20, 7);
  }

  public static Proto integer(String name, long value) {
    return Proto.message().text(1, name).varint(3, value).varint(20, 2);
  }

  /** A subgraph attribute. */
  public static Proto graph(String name, OnnxModels body) {
    return Proto.message().text(1, name).message(6, body.graph()).varint(20, 5);
  }

  public OnnxModels initializer(String name, DataType type, long[] shape, byte[] raw) {
    initializers.add(tensor(name, type, shape).bytes(9, raw));
    return this;
  }

  /** One string as a constant. */
  public OnnxModels stringInitializer(String name, String value) {
    initializers.add(tensor(name, DataType.BYTES, new long[] {1}).text(6, value));
    return this;
  }

  /** A weight that lies in a file beside the model. */
  public OnnxModels externalInitializer(String name, DataType type, long[] shape, String location) {
    Proto entry = Proto.message().text(1, "location").text(2, location);
    initializers.add(tensor(name, type, shape).message(13, entry).varint(14, 1));
    return this;
  }

  public byte[] build() {
    return Proto.message()
        .varint(1, irVersion)
        .text(2, "slipway-tests")
        .message(7, graph())
        .message(8, Proto.message().text(1, "").varint(2, opset))
        .message(8, Proto.message().text(1, "ai.onnx.ml").varint(2, 3))
        .message(14, Proto.message().text(1, "author").text(2, "alice"))
        .toBytes();
  }

  private Proto graph() {
    Proto graph = Proto.message();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, "tested");
    initializers.forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    return graph;
  }

  private static Proto tensor(String name, DataType type, long[] shape) {
    Proto tensor = Proto.message();
    for (long dimension : shape) {
      tensor.varint(1, dimension);
    }
    return tensor.varint(2, elementType(type)).text(8, name);
  }

  private static Proto tensorInfo(String name, DataType type, Object... dimensions) {
    Proto shape = Proto.message();
    for (Object dimension : dimensions) {
      shape.message(
          1,
          switch (dimension) {
            case null -> Proto.message();
            case Number number -> Proto.message().varint(1, number.longValue());
            default -> Proto.message().text(2, dimension.toString());
          });
    }
    Proto tensor = Proto.message().varint(1, elementType(type)).message(2, shape);
    return Proto.message().text(1, name).message(2, Proto.message().message(1, tensor));
  }

  private static int elementType(DataType type) {
    return switch (type) {
      case FP32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BYTES -> 8;
      case BOOL -> 9;
      case FP16 -> 10;
      case FP64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BF16 -> 16;
    };
  }
}
