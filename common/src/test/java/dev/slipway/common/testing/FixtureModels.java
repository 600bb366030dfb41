package dev.slipway.common.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The committed fixture models, made by {@code deploy/fixtures/make_models.py}: each with its signature and with the answers
 * that its own framework gave.
 */
public final class FixtureModels {
  private static final ObjectMapper JSON = WireJson.mapper();

  private FixtureModels() {}

  /** The names of all models that have golden answers. */
  public static List<String> names() {
    return names("");
  }

  /** The names of the models of one format: onnx, ort, torchscript, xgboost, lightgbm; empty for all. */
  public static List<String> names(String format) {
    return StreamSupport.stream(json("index.json").get("models").spliterator(), false)
        .filter(model -> format.isEmpty() || model.get("format").asText().equals(format))
        .map(model -> model.get("name").asText())
        .toList();
  }

  /** The model of that name. */
  public static FixtureModel get(String name) {
    try {
      return JSON.treeToValue(json(name + "/golden.json"), FixtureModel.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that must be refused: {@code corrupt.onnx} (cut off), {@code unknown-operator.onnx}. */
  public static byte[] broken(String file) {
    return bytes("broken/" + file);
  }

  /** Writes such a file into the folder as {@code model.onnx}, and answers it. */
  public static Path copyBroken(String file, Path folder) {
    return write(broken(file), folder.resolve("model.onnx"));
  }

  static byte[] bytes(String path) {
    try (InputStream resource = FixtureModels.class.getResourceAsStream("/models/" + path)) {
      if (resource == null) {
        throw new IllegalArgumentException("no fixture " + path);
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(byte[] content, Path file) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String path) {
    try {
      return JSON.readTree(bytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
