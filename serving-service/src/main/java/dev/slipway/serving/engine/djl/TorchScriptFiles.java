package dev.slipway.serving.engine.djl;

import dev.slipway.serving.engine.MlmodelFile;
import dev.slipway.serving.engine.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Finds the one TorchScript file of a version: what {@code MLmodel} names for the flavor, else the only archive that is one. An
 * archive of {@code torch.jit.save} has {@code constants.pkl} beside {@code data.pkl}; one of {@code torch.save} has not.
 */
final class TorchScriptFiles {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_ENTRIES = 100_000;

  private TorchScriptFiles() {}

  static List<Path> in(Path folder) {
    Optional<Path> named = MlmodelFile.in(folder)
        .flavor("pytorch", "model_data")
        .map(data -> folder.resolve(data).resolve("model.pth").normalize())
        .filter(file -> file.startsWith(folder.normalize()) && isTorchScript(file));
    if (named.isPresent()) {
      return List.of(named.get());
    }
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      return files
          .filter(Files::isRegularFile)
          .filter(TorchScriptFiles::hasEnding)
          .filter(TorchScriptFiles::isTorchScript)
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  static Path require(Path folder) throws ModelLoadException {
    List<Path> files = in(folder);
    if (files.size() != 1) {
      throw new ModelLoadException(
          "the version holds " + files.size() + " TorchScript files; leave the one to serve");
    }
    return files.getFirst();
  }

  private static boolean hasEnding(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".ts");
  }

  private static boolean isTorchScript(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (var zip = new ZipFile(file.toFile())) {
      return zip.size() <= MAX_ENTRIES
          && zip.stream().anyMatch(entry -> entry.getName().endsWith("/constants.pkl"))
          && zip.stream().anyMatch(entry -> entry.getName().endsWith("/data.pkl"));
    } catch (IOException notZip) {
      return false;
    }
  }
}
