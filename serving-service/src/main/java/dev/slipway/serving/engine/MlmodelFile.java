package dev.slipway.serving.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** MLflow's {@code MLmodel} file. It is whoever logged the model's: it is read as plain data, and what cannot be read is not there. */
public final class MlmodelFile {
  private static final String FILE = "MLmodel";
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<?, ?> document;

  private MlmodelFile(Map<?, ?> document) {
    this.document = document;
  }

  /** The file in the folder; without content when there is none, or none that can be read. */
  public static MlmodelFile in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new MlmodelFile(Map.of());
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      return new MlmodelFile(
          content.length > MAX_BYTES
              ? Map.of()
              : parse(new String(content, StandardCharsets.UTF_8)));
    } catch (IOException | YAMLException | StackOverflowError unreadable) {
      return new MlmodelFile(Map.of());
    }
  }

  private static Map<?, ?> parse(String yaml) {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowRecursiveKeys(false);
    Object loaded = new Yaml(new SafeConstructor(options)).load(yaml);
    return loaded instanceof Map<?, ?> map ? map : Map.of();
  }

  /**
   * A part of the signature (mlflow.models.signature), which MLflow writes as a JSON text.
   *
   * @param part inputs, outputs or params
   */
  public Optional<JsonNode> signature(String part) {
    if (document.get("signature") instanceof Map<?, ?> signature
        && signature.get(part) instanceof String text) {
      try {
        return Optional.of(JSON.readTree(text));
      } catch (IOException notJson) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The file of the input example that the model was logged with: as the scoring server takes it, else as it was given. */
  Optional<Path> example(Path folder) {
    if (document.get("saved_input_example_info") instanceof Map<?, ?> info) {
      for (String form : List.of("serving_input_path", "artifact_path")) {
        Optional<Path> file =
            info.get(form) instanceof String path ? inside(folder, path) : Optional.empty();
        if (file.isPresent()) {
          return file;
        }
      }
    }
    return Optional.empty();
  }

  /** The file of the folder that has this path within it; empty when there is none. */
  public static Optional<Path> inside(Path folder, String path) {
    try {
      Path file = folder.resolve(path).normalize();
      return file.startsWith(folder.normalize()) && Files.isRegularFile(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException nowhere) {
      return Optional.empty();
    }
  }

  /** Whether the model is a Python function alone, and this file of the version one that the function was logged with to read. */
  boolean isPartOfFunction(String file) {
    if (!(document.get("flavors") instanceof Map<?, ?> flavors)
        || flavors.size() != 1
        || !(flavors.get("python_function") instanceof Map<?, ?> function)) {
      return false;
    }
    Stream<?> artifacts = function.get("artifacts") instanceof Map<?, ?> named
        ? named.values().stream()
            .map(one -> one instanceof Map<?, ?> entry ? entry.get("path") : null)
        : Stream.of();
    return Stream.concat(Stream.of("data", "code").map(function::get), artifacts)
        .anyMatch(path -> path instanceof String part
            && (file.equals(part) || file.startsWith(part.endsWith("/") ? part : part + "/")));
  }

  /** A flavor's entry, such as the file that {@code data} of the flavor {@code pytorch} names. */
  public Optional<String> flavor(String name, String key) {
    return document.get("flavors") instanceof Map<?, ?> flavors
            && flavors.get(name) instanceof Map<?, ?> flavor
            && flavor.get(key) instanceof String value
        ? Optional.of(value)
        : Optional.empty();
  }
}
