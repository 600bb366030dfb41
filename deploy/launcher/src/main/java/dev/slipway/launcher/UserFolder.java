package dev.slipway.launcher;

import java.nio.file.Path;
import java.util.Map;

/** Where the files of one user are, as the XDG Base Directory Specification 0.8 says it (section 3). */
public enum UserFolder {
  /** What may be thrown away and made again, shared by all stacks of the user. */
  CACHE("XDG_CACHE_HOME", ".cache"),
  CONFIG("XDG_CONFIG_HOME", ".config"),
  DATA("XDG_DATA_HOME", ".local/share");

  private final String variable;
  private final String inHome;

  UserFolder(String variable, String inHome) {
    this.variable = variable;
    this.inHome = inHome;
  }

  /** The folder of this program in it. */
  public Path path() {
    return path(System.getenv());
  }

  /** A folder that is named relative to nothing in particular is passed over, as the specification wants it. */
  Path path(Map<String, String> environment) {
    String named = environment.getOrDefault(variable, "");
    Path base = !named.isBlank() && Path.of(named).isAbsolute()
        ? Path.of(named)
        : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), inHome);
    return base.resolve("slipway");
  }
}
