package dev.slipway.serving.engine.tensorflow;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@code saved_model.pb} says of itself (field numbers: saved_model.proto, meta_graph.proto and tensor_shape.proto of TensorFlow 2.16). The
 * graph is passed over.
 *
 * @param key of the signature that is served
 * @param signature inputs and outputs by name, in the order of their names
 */
record SavedModelFile(String key, ModelSignature signature) {
  static final String NAME = "saved_model.pb";
  private static final String SERVE = "serve";
  private static final String DEFAULT = "serving_default";
  /** Of the loader, not of a caller. */
  private static final String INITIALIZER = "__saved_model_init_op";

  /**
   * Reads the signature that serves: {@code serving_default}, else the only one.
   *
   * @throws ModelLoadException saying what is missing, or which tensor cannot be served
   */
  static SavedModelFile read(Path folder) throws ModelLoadException {
    Map<String, Signature> signatures = new TreeMap<>();
    try (InputStream in = Files.newInputStream(folder.resolve(NAME))) {
      CodedInputStream model = CodedInputStream.newInstance(in);
      for (int tag = model.readTag(); tag != 0; tag = model.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == 2) {
          metaGraph(model, signatures);
        } else {
          model.skipField(tag);
        }
      }
    } catch (IOException broken) {
      throw new ModelLoadException(NAME + " cannot be read; was it cut short?", broken);
    }
    signatures.remove(INITIALIZER);
    String key = signatures.containsKey(DEFAULT) || signatures.size() != 1
        ? DEFAULT
        : signatures.keySet().iterator().next();
    Signature served = signatures.get(key);
    if (served == null) {
      throw new ModelLoadException("the SavedModel has no signature '" + DEFAULT
          + "' under the tag '" + SERVE + "' (it has: " + String.join(", ", signatures.keySet())
          + "); save it with signatures, for example by model.export(...)");
    }
    return new SavedModelFile(key, new ModelSignature(specs(served.inputs), specs(served.outputs)));
  }

  /** One tensor, its datatype by TensorFlow's number. */
  private record Info(int datatype, Shape shape) {}

  private record Signature(Map<String, Info> inputs, Map<String, Info> outputs) {}

  private static List<TensorSpec> specs(Map<String, Info> infos) throws ModelLoadException {
    if (infos.isEmpty()) {
      throw new ModelLoadException("the SavedModel's signature lacks inputs or outputs");
    }
    List<TensorSpec> specs = new ArrayList<>();
    for (Map.Entry<String, Info> info : infos.entrySet()) {
      DataType type = TensorflowTypes.of(info.getValue().datatype)
          .orElseThrow(() -> new ModelLoadException("'" + info.getKey()
              + "' has a datatype of TensorFlow that no protocol has, or that is not served (number "
              + info.getValue().datatype + "): cast it in the signature"));
      if (info.getValue().shape == null) {
        throw new ModelLoadException("'" + info.getKey()
            + "' has no known rank: give its TensorSpec a shape, with None where it varies");
      }
      specs.add(new TensorSpec(info.getKey(), type, info.getValue().shape));
    }
    return specs;
  }

  private static void metaGraph(CodedInputStream in, Map<String, Signature> into)
      throws IOException {
    int limit = open(in);
    boolean serve = false;
    Map<String, Signature> found = new TreeMap<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> serve = isForServing(in);
        case 5 -> {
          int entry = open(in);
          in.readTag();
          String key = in.readString();
          in.readTag();
          found.put(key, signature(in));
          close(in, entry);
        }
        default -> in.skipField(tag);
      }
    }
    close(in, limit);
    if (serve) {
      into.putAll(found);
    }
  }

  private static boolean isForServing(CodedInputStream in) throws IOException {
    int limit = open(in);
    boolean serve = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 4) {
        serve |= in.readString().equals(SERVE);
      } else {
        in.skipField(tag);
      }
    }
    close(in, limit);
    return serve;
  }

  private static Signature signature(CodedInputStream in) throws IOException {
    int limit = open(in);
    var signature = new Signature(new TreeMap<>(), new TreeMap<>());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> tensor(in, signature.inputs);
        case 2 -> tensor(in, signature.outputs);
        default -> in.skipField(tag);
      }
    }
    close(in, limit);
    return signature;
  }

  private static void tensor(CodedInputStream in, Map<String, Info> into) throws IOException {
    int entry = open(in);
    in.readTag();
    String name = in.readString();
    in.readTag();
    int limit = open(in);
    int datatype = 0;
    Shape shape = Shape.of();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 2 -> datatype = in.readEnum();
        case 3 -> shape = shape(in);
        default -> in.skipField(tag);
      }
    }
    close(in, limit);
    close(in, entry);
    into.put(name, new Info(datatype, shape));
  }

  /** Null when not even the rank is known. */
  private static Shape shape(CodedInputStream in) throws IOException {
    int limit = open(in);
    List<Long> dimensions = new ArrayList<>();
    boolean unknown = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 2 -> dimensions.add(dimension(in));
        case 3 -> unknown = in.readBool();
        default -> in.skipField(tag);
      }
    }
    close(in, limit);
    return unknown ? null : Shape.of(dimensions.stream().mapToLong(it -> it).toArray());
  }

  private static long dimension(CodedInputStream in) throws IOException {
    int limit = open(in);
    long size = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        size = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    close(in, limit);
    return Math.max(size, -1);
  }

  /** Goes into the message that comes next; what to {@link #close} with. */
  private static int open(CodedInputStream in) throws IOException {
    return in.pushLimit(in.readRawVarint32());
  }

  private static void close(CodedInputStream in, int limit) throws IOException {
    in.skipRawBytes(in.getBytesUntilLimit());
    in.popLimit(limit);
  }
}
