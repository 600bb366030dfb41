package dev.slipway.launcher.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a supervisor says about its stack, in a file that is always whole.
 *
 * @param message what it is doing, or why it failed
 * @param databaseUrl JDBC, without the password
 * @param store where the bytes are, in words
 */
public record StackState(
    Phase phase,
    String message,
    Instant at,
    long supervisorPid,
    String data,
    String registryUrl,
    String servingUrl,
    String grpcAddress,
    String databaseUrl,
    String databaseUser,
    String store,
    List<Part> parts) {
  private static final ObjectMapper JSON = WireJson.mapper();

  /** Where a stack is in its life. */
  public enum Phase {
    STARTING,
    READY,
    STOPPING,
    STOPPED,
    FAILED
  }

  /**
   * One process.
   *
   * @param pid null while it is down
   * @param restarts how often it ended by itself and was started again
   */
  public record Part(String name, Long pid, int port, int restarts) {}

  public static Optional<StackState> read(StackFiles files) throws IOException {
    try {
      return Optional.of(JSON.readValue(files.state().toFile(), StackState.class));
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      return Optional.empty();
    }
  }

  void write(StackFiles files) throws IOException {
    Path fresh = files.state().resolveSibling("state.json.new");
    Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    Files.move(
        fresh, files.state(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
