package dev.slipway.serving.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Boosters that MLflow logged, each with a request and what its scoring server answered: {@code deploy/fixtures/logged_boosters.py}. */
final class LoggedBoosters {
  private LoggedBoosters() {}

  static List<String> names() {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder(String name) {
    return root().resolve(name);
  }

  static String request(String name) {
    try {
      return Files.readString(folder(name).resolve("request.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode answer(String name) {
    try {
      return new ObjectMapper().readTree(folder(name).resolve("answer.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    try {
      return Path.of(LoggedBoosters.class.getResource("/logged").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
