package dev.slipway.serving.engine;

import java.nio.file.Path;
import java.util.Optional;

/** Finds out what loading a version does, where that can do no harm. */
@FunctionalInterface
public interface FirstTry {
  /**
   * Loads the version elsewhere and asks it something. Blocking; it may take as long as an inspection may.
   *
   * @param folder the version's files, verified
   * @param bytes their size together
   * @return why it must not be loaded here; empty where nothing speaks against it, or it could not be tried
   */
  Optional<String> objection(Path folder, long bytes) throws InterruptedException;
}
