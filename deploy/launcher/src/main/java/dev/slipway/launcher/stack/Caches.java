package dev.slipway.launcher.stack;

import java.nio.file.Path;

/** What may be thrown away and made again, shared by all stacks of one user. */
public final class Caches {
  private Caches() {}

  /** {@code $XDG_CACHE_HOME/slipway}, else {@code ~/.cache/slipway}. */
  public static Path directory() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base = xdg == null || xdg.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(xdg);
    return base.resolve("slipway");
  }
}
