package dev.slipway.serving.engine;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.common.tensor.Shape;
import dev.slipway.common.tensor.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The input example that a model was logged with (mlflow.models.utils._Example), as tensors: a data frame in MLflow's orientation
 * "split", records, or arrays. It is whoever logged the model's: what cannot be read, or does not fit the model, is not there.
 */
public final class SavedExample {
  private static final int MAX_BYTES = 4 << 20;
  /** Python writes NaN as it is. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final List<String> ARRAYS = List.of("inputs", "instances", "dataframe_records");

  private final ModelSignature signature;
  private final List<FrameColumn> columns;

  private SavedExample(ModelSignature signature, List<FrameColumn> columns) {
    this.signature = signature;
    this.columns = columns;
  }

  /**
   * @param columns the model's columns, by which a matrix is put in order; empty when they have no names
   */
  static Optional<List<Tensor>> in(
      Path folder, MlmodelFile file, ModelSignature signature, List<FrameColumn> columns) {
    Optional<Path> named = find(folder, file);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SavedExample(signature, columns).tensors(named.get()));
    } catch (UnfitExampleException doesNotFit) {
      return Optional.empty();
    }
  }

  /** The name of the version's file, for the reader; empty when it has none. */
  public static Optional<String> name(Path folder) {
    return find(folder, MlmodelFile.in(folder)).map(file -> file.getFileName().toString());
  }

  /** @throws UnfitExampleException when there is none, or it is not what the model takes */
  public static List<Tensor> of(Path folder, LoadedModel model) throws UnfitExampleException {
    Path file = find(folder, MlmodelFile.in(folder))
        .orElseThrow(() -> new UnfitExampleException("there is none"));
    return new SavedExample(model.signature(), model.columns()).tensors(file);
  }

  private static Optional<Path> find(Path folder, MlmodelFile file) {
    try {
      return file.example(folder);
    } catch (InvalidPathException noName) {
      return Optional.empty();
    }
  }

  private List<Tensor> tensors(Path file) throws UnfitExampleException {
    try {
      return tensors(read(file));
    } catch (IOException unreadable) {
      throw new UnfitExampleException("it cannot be read");
    } catch (IllegalArgumentException doesNotFit) {
      throw new UnfitExampleException(doesNotFit.getMessage());
    }
  }

  private static JsonNode read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(MAX_BYTES + 1);
      if (text.length > MAX_BYTES) {
        throw new IllegalArgumentException("larger than an example that is read");
      }
      return JSON.readTree(text);
    }
  }

  private List<Tensor> tensors(JsonNode saved) {
    if (saved.has("dataframe_split")) {
      return frame(saved.get("dataframe_split"));
    }
    if (saved.has("columns") && saved.has("data")) {
      return frame(saved);
    }
    for (String form : ARRAYS) {
      if (saved.has(form)) {
        return arrays(saved.get(form));
      }
    }
    return arrays(saved);
  }

  private List<Tensor> arrays(JsonNode values) {
    if (values.isObject()) {
      return isRow(values)
          ? records(JsonNodeFactory.instance.arrayNode().add(values))
          : byName(values);
    }
    if (values.path(0).isObject()) {
      return records(values);
    }
    return List.of(tensor(only(), values));
  }

  /** A dictionary of plain values is one row of a frame. */
  private static boolean isRow(JsonNode values) {
    return !values.isEmpty()
        && values.properties().stream().allMatch(entry -> entry.getValue().isValueNode());
  }

  private TensorSpec only() {
    if (signature.inputs().size() != 1) {
      throw new IllegalArgumentException("it does not name the inputs, and the model takes "
          + signature.inputs().size());
    }
    return signature.inputs().getFirst();
  }

  private List<Tensor> byName(JsonNode values) {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec spec : signature.inputs()) {
      if (values.has(spec.name())) {
        tensors.add(tensor(spec, values.get(spec.name())));
      } else if (!spec.optional()) {
        throw new IllegalArgumentException("it has nothing for the input '" + spec.name() + "'");
      }
    }
    return tensors;
  }

  private List<Tensor> records(JsonNode rows) {
    List<String> names = new ArrayList<>();
    rows.get(0).fieldNames().forEachRemaining(names::add);
    List<JsonNode> lists = new ArrayList<>();
    for (JsonNode row : rows) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      names.forEach(name -> list.add(row.path(name)));
      lists.add(list);
    }
    return frame(names, lists);
  }

  private List<Tensor> frame(JsonNode split) {
    List<String> names = new ArrayList<>();
    split.path("columns").forEach(name -> names.add(name.asText()));
    List<JsonNode> rows = new ArrayList<>();
    split.path("data").forEach(rows::add);
    return frame(names, rows);
  }

  private List<Tensor> frame(List<String> names, List<JsonNode> rows) {
    boolean byName = signature.inputs().stream()
        .allMatch(spec -> spec.optional() || names.contains(spec.name()));
    if (byName) {
      var values = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < names.size(); i++) {
        values.set(names.get(i), picked(rows, i));
      }
      return byName(values);
    }
    ArrayNode matrix = JsonNodeFactory.instance.arrayNode();
    for (JsonNode row : rows) {
      matrix.add(columns.isEmpty() ? row : inOrder(row, names));
    }
    return List.of(tensor(only(), matrix));
  }

  private static ArrayNode picked(List<JsonNode> rows, int column) {
    ArrayNode values = JsonNodeFactory.instance.arrayNode();
    rows.forEach(row -> values.add(row.path(column)));
    return values;
  }

  private ArrayNode inOrder(JsonNode row, List<String> names) {
    ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
    columns.forEach(column -> ordered.add(row.path(names.indexOf(column.name()))));
    return ordered;
  }

  private static Tensor tensor(TensorSpec spec, JsonNode values) {
    List<Long> dimensions = new ArrayList<>();
    for (JsonNode at = values; at.isArray(); at = at.path(0)) {
      dimensions.add((long) at.size());
    }
    List<JsonNode> elements = new ArrayList<>();
    collect(values, dimensions.size(), elements);
    Shape came = Shape.of(dimensions.stream().mapToLong(size -> size).toArray());
    if (elements.isEmpty() || came.elementCount().orElse(0) != elements.size()) {
      throw new IllegalArgumentException(
          "the lists for the input '" + spec.name() + "' are empty, or not of one length");
    }
    try {
      return new Tensor(
          spec.name(),
          spec.datatype(),
          fit(spec, came),
          SavedElements.of(spec.datatype(), elements));
    } catch (IllegalArgumentException doesNotFit) {
      throw new IllegalArgumentException(
          "input '" + spec.name() + "': " + doesNotFit.getMessage(), doesNotFit);
    }
  }

  private static void collect(JsonNode node, int depth, List<JsonNode> elements) {
    if (depth == 0) {
      elements.add(node);
    } else {
      node.forEach(child -> collect(child, depth - 1, elements));
    }
  }

  /** A column of n values is [n]; the models of scikit-learn take it as [n, 1]. */
  private static Shape fit(TensorSpec spec, Shape came) {
    if (spec.shape().accepts(came)) {
      return came;
    }
    if (came.rank() == 1 && spec.shape().accepts(Shape.of(came.dimension(0), 1))) {
      return Shape.of(came.dimension(0), 1);
    }
    throw new IllegalArgumentException("the shape " + spec.shape() + " does not take " + came);
  }
}
