package dev.slipway.serving.engine.onnx;

import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the one ONNX file of a version: what {@code MLmodel} names, else the root's {@code model.onnx}, else the only one. */
final class OnnxFiles {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_MLMODEL_BYTES = 1 << 20;
  private static final int ORT_IDENTIFIER_OFFSET = 4;

  /** The onnx flavor's block of an MLmodel file, down to its {@code data:} key. */
  private static final Pattern ONNX_DATA =
      Pattern.compile("(?m)^  onnx:\\R(?:    .*\\R)*?    data:[ \\t]*[\"']?([^\"'\\r\\n#]+)");

  private OnnxFiles() {}

  /** {@code onnx} or {@code ort}, when the folder holds exactly one model file of such a form. */
  static Optional<String> format(Path folder) {
    try {
      return find(folder).flatMap(OnnxFiles::formatOf);
    } catch (ModelLoadException | IOException e) {
      return Optional.empty();
    }
  }

  /**
   * @throws ModelLoadException when there is none, or several and nothing says which
   */
  static Path modelFile(Path folder) throws ModelLoadException {
    try {
      return find(folder)
          .orElseThrow(() -> new ModelLoadException(
              "the version holds no .onnx or .ort file; add model.onnx at its root"));
    } catch (IOException e) {
      throw new ModelLoadException("the version's files could not be listed", e);
    }
  }

  private static Optional<Path> find(Path folder) throws IOException, ModelLoadException {
    Optional<Path> named = namedByMlmodel(folder);
    if (named.isPresent()) {
      return named;
    }
    for (String usual : List.of("model.onnx", "model.ort")) {
      if (Files.isRegularFile(folder.resolve(usual))) {
        return Optional.of(folder.resolve(usual));
      }
    }
    List<Path> candidates = candidates(folder);
    if (candidates.size() > 1) {
      throw new ModelLoadException("the version holds " + candidates.size()
          + " ONNX files and none is model.onnx at its root: name the one to serve model.onnx");
    }
    return candidates.stream().findFirst();
  }

  private static List<Path> candidates(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      return files.filter(OnnxFiles::hasModelName).filter(Files::isRegularFile).toList();
    }
  }

  private static boolean hasModelName(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".onnx") || name.endsWith(".ort");
  }

  private static Optional<Path> namedByMlmodel(Path folder) throws IOException {
    Path mlmodel = folder.resolve("MLmodel");
    if (!Files.isRegularFile(mlmodel) || Files.size(mlmodel) > MAX_MLMODEL_BYTES) {
      return Optional.empty();
    }
    Matcher data =
        ONNX_DATA.matcher(new String(Files.readAllBytes(mlmodel), StandardCharsets.UTF_8));
    if (!data.find()) {
      return Optional.empty();
    }
    Path file = folder.resolve(data.group(1).strip()).normalize();
    if (!file.startsWith(folder.normalize())) {
      return Optional.empty();
    }
    if (Files.isDirectory(file)) {
      // MLflow writes large models as a folder with the graph and its external data beside it.
      return candidates(file).stream().findFirst();
    }
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  private static Optional<String> formatOf(Path file) {
    if (!file.getFileName().toString().endsWith(".ort")) {
      return OnnxGraph.looksLikeOnnx(file) ? Optional.of("onnx") : Optional.empty();
    }
    return isOrt(file) ? Optional.of("ort") : Optional.empty();
  }

  /** Whether the file bears the identifier of ONNX Runtime's own format. */
  static boolean isOrt(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(ORT_IDENTIFIER_OFFSET + 4);
      String identifier = new String(
          head,
          Math.min(ORT_IDENTIFIER_OFFSET, head.length),
          Math.max(0, head.length - ORT_IDENTIFIER_OFFSET),
          StandardCharsets.ISO_8859_1);
      return identifier.equals("ORTM");
    } catch (IOException e) {
      return false;
    }
  }
}
