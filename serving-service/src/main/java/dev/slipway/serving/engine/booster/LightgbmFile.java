package dev.slipway.serving.engine.booster;

import dev.slipway.serving.engine.ModelLoadException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a LightGBM text file, or says why its answers would not surely be LightGBM's own. */
final class LightgbmFile {
  private static final Set<String> VERSIONS = Set.of("v3", "v4");
  private static final String TREE = "Tree=";

  private final LightgbmFields header = new LightgbmFields();
  private final List<LightgbmTree> trees = new ArrayList<>();
  private int features;
  private boolean ended;
  private String pandasCategories = "null";

  private LightgbmFile() {}

  static LightgbmFile read(Path path) throws IOException, ModelLoadException {
    try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      var file = new LightgbmFile();
      file.readAll(lines);
      return file;
    } catch (CharacterCodingException e) {
      throw new MalformedModelException("it is not UTF-8 text", e);
    }
  }

  private void readAll(BufferedReader lines) throws IOException, ModelLoadException {
    String line = lines.readLine();
    while (line != null && !line.startsWith(TREE) && !line.equals("end of trees")) {
      header.put(line);
      line = lines.readLine();
    }
    readHeader();
    while (line != null && line.startsWith(TREE)) {
      line = readTree(lines);
    }
    ended = line != null && line.equals("end of trees");
    for (; line != null; line = lines.readLine()) {
      if (line.startsWith("pandas_categorical:")) {
        pandasCategories = line.substring("pandas_categorical:".length()).strip();
      }
    }
    requireWhole();
  }

  private void readHeader() throws MalformedModelException, ModelLoadException {
    String version = header.text("version", "none");
    if (!VERSIONS.contains(version)) {
      throw new ModelLoadException("its format version is " + version
          + "; versions v3 and v4 are served: load and save it with a LightGBM of today");
    }
    features = header.number("max_feature_idx") + 1;
    if (features < 1) {
      throw new MalformedModelException("it has no features");
    }
  }

  /** Reads one tree and answers the first line behind it that is not blank. */
  private String readTree(BufferedReader lines) throws IOException {
    var fields = new LightgbmFields();
    String line = lines.readLine();
    while (line != null && !line.isEmpty()) {
      fields.put(line);
      line = lines.readLine();
    }
    trees.add(new LightgbmTree(fields, features));
    while (line != null && line.isEmpty()) {
      line = lines.readLine();
    }
    return line;
  }

  private void requireWhole() throws MalformedModelException, ModelLoadException {
    String sizes = header.text("tree_sizes", "").strip();
    int announced = sizes.isEmpty() ? 0 : sizes.split(" +").length;
    if (!ended || announced != trees.size()) {
      throw new MalformedModelException("it ends in the middle");
    }
    int outputs = header.number("num_tree_per_iteration");
    if (outputs < 1 || outputs != header.number("num_class") || trees.size() % outputs != 0) {
      throw new MalformedModelException("its classes do not fit its trees");
    }
    if (!pandasCategories.equals("null") && !pandasCategories.equals("[]")) {
      throw new ModelLoadException(
          "it was trained on a data frame's categories, which only LightGBM's Python package encodes;"
              + " train on category codes, or export a pipeline to ONNX");
    }
  }

  LightgbmForest forest() throws MalformedModelException, ModelLoadException {
    return new LightgbmForest(
        features,
        header.number("num_tree_per_iteration"),
        trees.toArray(LightgbmTree[]::new),
        header.has("average_output"),
        LightgbmObjective.parse(header.text("objective", "")));
  }

  Map<String, Object> metadata() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("format_version", header.text("version", ""));
    facts.put("objective", header.text("objective", "custom"));
    facts.put("trees", trees.size());
    facts.put("feature_names", List.of(header.text("feature_names", "").split(" ")));
    return facts;
  }
}
