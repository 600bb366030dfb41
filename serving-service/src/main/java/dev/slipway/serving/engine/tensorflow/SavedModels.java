package dev.slipway.serving.engine.tensorflow;

import dev.slipway.serving.engine.MlmodelFile;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the one SavedModel of a version: what {@code MLmodel} names for the flavor, else the only folder that is one. */
final class SavedModels {
  private static final int MAX_DEPTH = 16;

  private SavedModels() {}

  static List<Path> in(Path folder) {
    Optional<Path> named = MlmodelFile.in(folder)
        .flavor("tensorflow", "saved_model_dir")
        .map(name -> folder.resolve(name).normalize())
        .filter(found -> found.startsWith(folder.normalize()))
        .filter(found -> Files.isRegularFile(found.resolve(SavedModelFile.NAME)));
    if (named.isPresent()) {
      return List.of(named.get());
    }
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      return files
          .filter(file -> file.getFileName().toString().equals(SavedModelFile.NAME))
          .filter(Files::isRegularFile)
          .map(Path::getParent)
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  static Path require(Path folder) throws ModelLoadException {
    List<Path> found = in(folder);
    if (found.size() != 1) {
      throw new ModelLoadException(
          "the version holds " + found.size() + " SavedModels; leave the one to serve");
    }
    return found.getFirst();
  }
}
