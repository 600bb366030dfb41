package dev.slipway.serving.engine.booster;

import dev.slipway.serving.engine.MlmodelFile;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the one file of a booster in a version: what {@code MLmodel} names for the flavor, else the only file whose name and
 * first bytes say that it is one.
 *
 * @param flavor MLflow's word: xgboost, lightgbm
 * @param endings how such files' names end
 * @param header tells the format by the first bytes
 */
record BoosterFiles(String flavor, Set<String> endings, Header header) {
  private static final int MAX_DEPTH = 16;
  private static final int HEAD_BYTES = 256;

  /** The format of a file that begins so, or empty. The text is its first bytes as ISO-8859-1. */
  @FunctionalInterface
  interface Header {
    Optional<String> format(String head);
  }

  /** A booster's file and its format. */
  record Found(Path file, String format) {}

  /** The booster of this folder; empty when there is none, or when the folder cannot be read. */
  Optional<Found> find(Path folder) {
    try {
      Optional<Found> named = namedByMlmodel(folder);
      return named.isPresent() ? named : all(folder).stream().findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * As {@link #find}, for loading.
   *
   * @throws ModelLoadException when there is none, or several and nothing says which
   */
  Found require(Path folder) throws ModelLoadException {
    try {
      Optional<Found> named = namedByMlmodel(folder);
      if (named.isPresent()) {
        return named.get();
      }
      List<Found> all = all(folder);
      if (all.size() == 1) {
        return all.getFirst();
      }
      throw new ModelLoadException(
          all.isEmpty()
              ? "the version holds no " + flavor + " file"
              : "the version holds " + all.size() + " " + flavor
                  + " files; leave the one to serve");
    } catch (IOException e) {
      throw new ModelLoadException("the version's files could not be read", e);
    }
  }

  private List<Found> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      List<Path> candidates =
          files.filter(this::hasEnding).filter(Files::isRegularFile).sorted().toList();
      var found = new java.util.ArrayList<Found>();
      for (Path candidate : candidates) {
        format(candidate).ifPresent(format -> found.add(new Found(candidate, format)));
      }
      return found;
    }
  }

  private boolean hasEnding(Path file) {
    String name = file.getFileName().toString();
    return endings.stream().anyMatch(name::endsWith);
  }

  private Optional<String> format(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return header.format(new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1));
    }
  }

  private Optional<Found> namedByMlmodel(Path folder) throws IOException {
    Optional<Path> file = MlmodelFile.in(folder)
        .flavor(flavor, "data")
        .flatMap(data -> MlmodelFile.inside(folder, data));
    return file.isEmpty()
        ? Optional.empty()
        : format(file.get()).map(format -> new Found(file.get(), format));
  }
}
