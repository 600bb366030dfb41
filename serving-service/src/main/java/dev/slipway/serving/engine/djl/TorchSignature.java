package dev.slipway.serving.engine.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.tensor.DataType;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import dev.slipway.serving.engine.MlmodelFile;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a TorchScript model takes and gives, which its own file does not say: {@code signature.json} in the form of the Open Inference
 * Protocol's model metadata ({@code {"inputs": [{"name", "datatype", "shape"}], "outputs": […]}}), else the tensors of the signature in
 * {@code MLmodel}.
 */
final class TorchSignature {
  private static final String FILE = "signature.json";
  private static final int MAX_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** numpy's names (mlflow.types.TensorSpec). */
  private static final Map<String, DataType> NUMPY = Map.of(
      "bool", DataType.BOOL,
      "uint8", DataType.UINT8,
      "int8", DataType.INT8,
      "int32", DataType.INT32,
      "int64", DataType.INT64,
      "float16", DataType.FP16,
      "float32", DataType.FP32,
      "float64", DataType.FP64);

  private TorchSignature() {}

  static ModelSignature read(Path folder) throws ModelLoadException {
    try {
      ModelSignature signature = Files.isRegularFile(folder.resolve(FILE))
          ? ownFile(folder.resolve(FILE))
          : mlflow(MlmodelFile.in(folder));
      requireServable(signature);
      return signature;
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("the model's signature is no signature: " + e.getMessage(), e);
    }
  }

  private static void requireServable(ModelSignature signature) throws ModelLoadException {
    if (signature.inputs().isEmpty() || signature.outputs().isEmpty()) {
      throw new ModelLoadException(
          "a TorchScript file does not say what it takes and gives: log it"
              + " with a signature of tensors (mlflow.models.infer_signature on numpy arrays), or add"
              + " signature.json: {\"inputs\": [{\"name\", \"datatype\", \"shape\"}], \"outputs\": [...]}");
    }
    List<TensorSpec> all = new ArrayList<>(signature.inputs());
    all.addAll(signature.outputs());
    for (TensorSpec spec : all) {
      if (TorchTypes.torch(spec.datatype()).isEmpty()) {
        throw new ModelLoadException("tensor '" + spec.name() + "' is " + spec.datatype()
            + ", which libtorch does not have");
      }
    }
  }

  private static ModelSignature ownFile(Path file) throws ModelLoadException {
    try (InputStream in = Files.newInputStream(file)) {
      JsonNode document = JSON.readTree(in.readNBytes(MAX_BYTES));
      return new ModelSignature(own(document.path("inputs")), own(document.path("outputs")));
    } catch (IOException e) {
      throw new ModelLoadException(FILE + " is not JSON", e);
    }
  }

  private static List<TensorSpec> own(JsonNode tensors) throws ModelLoadException {
    List<TensorSpec> specs = new ArrayList<>();
    for (JsonNode tensor : tensors) {
      String name = tensor.path("name").asText();
      DataType type = DataType.find(tensor.path("datatype").asText())
          .orElseThrow(() -> new ModelLoadException(
              FILE + ": '" + name + "' has no datatype of the Open Inference Protocol"));
      specs.add(new TensorSpec(name, type, shape(tensor.path("shape"))));
    }
    return specs;
  }

  private static ModelSignature mlflow(MlmodelFile file) throws ModelLoadException {
    return new ModelSignature(
        mlflow(file.signature("inputs"), "input"), mlflow(file.signature("outputs"), "output"));
  }

  /** A single tensor needs no name there. */
  private static List<TensorSpec> mlflow(Optional<JsonNode> part, String unnamed)
      throws ModelLoadException {
    List<TensorSpec> specs = new ArrayList<>();
    if (part.isEmpty()) {
      return specs;
    }
    for (JsonNode tensor : part.get()) {
      String name = tensor.path("name").asText(unnamed);
      String numpy = tensor.at("/tensor-spec/dtype").asText();
      if (!NUMPY.containsKey(numpy)) {
        throw new ModelLoadException(
            "the signature's '" + name + "' is no tensor of numbers; log the"
                + " model with a signature inferred from numpy arrays");
      }
      specs.add(new TensorSpec(name, NUMPY.get(numpy), shape(tensor.at("/tensor-spec/shape"))));
    }
    return specs;
  }

  private static Shape shape(JsonNode dimensions) {
    long[] shape = new long[dimensions.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.get(i).asLong(Long.MIN_VALUE);
    }
    return Shape.of(shape);
  }
}
