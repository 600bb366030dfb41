package dev.slipway.launcher.stack;

import dev.slipway.launcher.UserFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where things are below one data directory. */
public record StackFiles(Path data) {
  public StackFiles {
    data = data.toAbsolutePath().normalize();
  }

  /** The default: {@code $XDG_DATA_HOME/slipway}, else {@code ~/.local/share/slipway}. */
  public static StackFiles ofUser() {
    return new StackFiles(UserFolder.DATA.path());
  }

  /** Makes the directories. Only their owner may look into the data. */
  public void prepare() throws IOException {
    Files.createDirectories(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(logs());
    Files.createDirectories(objects());
    Files.createDirectories(serving());
  }

  public Path lock() {
    return data.resolve("supervisor.lock");
  }

  public Path state() {
    return data.resolve("state.json");
  }

  public Path options() {
    return data.resolve("options.json");
  }

  public Path serviceToken() {
    return data.resolve("service-token");
  }

  public Path databasePassword() {
    return data.resolve("database-password");
  }

  public Path auditKey() {
    return data.resolve("audit-key");
  }

  public Path database() {
    return data.resolve("postgres");
  }

  public Path objects() {
    return data.resolve("objects");
  }

  public Path serving() {
    return data.resolve("serving");
  }

  public Path logs() {
    return data.resolve("logs");
  }

  /** The log of one process: registry, serving, postgres or supervisor. */
  public Path log(String name) {
    return logs().resolve(name + ".log");
  }
}
