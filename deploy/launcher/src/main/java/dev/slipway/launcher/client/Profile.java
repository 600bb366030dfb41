package dev.slipway.launcher.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.launcher.CommandFailure;
import dev.slipway.launcher.UserFolder;
import dev.slipway.launcher.stack.StackFiles;
import dev.slipway.launcher.stack.StackState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where the services are, and who calls. Each part comes from the environment ({@code SLIPWAY_REGISTRY_URL}, {@code
 * SLIPWAY_SERVING_URL}, {@code SLIPWAY_USER}, {@code SLIPWAY_TOKEN} or the file that {@code SLIPWAY_TOKEN_FILE} names), else from {@code slipway
 * login}, else from the local stack that runs, else from the usual ports. The login's token is told only to the services that the login
 * was made for, and only with the login's name: whoever calls another service, or under another name, by an option or by the environment,
 * calls without it.
 *
 * @param user null for nobody in particular
 * @param token null for none
 */
public record Profile(String registry, String serving, String user, String token) {
  private static final ObjectMapper JSON = WireJson.mapper();
  private static final Profile NOWHERE = new Profile(null, null, null, null);
  private static final Profile USUAL =
      new Profile("http://127.0.0.1:8080", "http://127.0.0.1:8081", null, null);

  /** What holds for this user of this machine. */
  public static Profile ofUser() {
    return environment().or(stored()).or(localStack()).or(USUAL);
  }

  /**
   * Who this user is at {@code base}.
   *
   * @param name who calls, where the call itself says it; else null
   */
  public static Profile ofUserAt(String base, String name) {
    Profile said = new Profile(null, null, name, null).or(environment());
    return said.or(stored().at(base).as(said.user()));
  }

  /** What the environment says. */
  public static Profile environment() {
    return environment(System.getenv());
  }

  private static Profile environment(Map<String, String> variables) {
    String file = variables.get("SLIPWAY_TOKEN_FILE");
    String token = variables.get("SLIPWAY_TOKEN");
    return new Profile(
        variables.get("SLIPWAY_REGISTRY_URL"),
        variables.get("SLIPWAY_SERVING_URL"),
        variables.get("SLIPWAY_USER"),
        token == null && file != null ? read(Path.of(file)) : token);
  }

  /** What {@code slipway login} stored; empty before. */
  public static Profile stored() {
    try {
      return JSON.readValue(file().toFile(), Profile.class);
    } catch (FileNotFoundException | NoSuchFileException e) {
      return NOWHERE;
    } catch (IOException e) {
      throw CommandFailure.refused(file() + " cannot be read (slipway login writes it anew): "
          + (e instanceof JsonProcessingException ? "it is not JSON" : e.getMessage()));
    }
  }

  private static Profile localStack() {
    try {
      return StackState.read(StackFiles.ofUser())
          .map(state -> new Profile(state.registryUrl(), state.servingUrl(), null, null))
          .orElse(NOWHERE);
    } catch (IOException e) {
      return NOWHERE;
    }
  }

  /** What of this login may be told at {@code base}: all of it where it was made for that service, else the name. */
  public Profile at(String base) {
    String origin = origin(base);
    return Stream.of(registry, serving)
            .filter(Objects::nonNull)
            .anyMatch(own -> origin(own).equals(origin))
        ? this
        : new Profile(null, null, user, null);
  }

  /** What of this login goes with a call as {@code name}: its token is proof of its own name only. Null is whoever logged in. */
  public Profile as(String name) {
    return name == null || name.equals(user) ? this : new Profile(registry, serving, name, null);
  }

  /** Scheme, host and port, by which browsers too tell services apart. */
  private static String origin(String url) {
    try {
      URI uri = URI.create(url);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
      return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("'" + url + "' is no URL");
    }
  }

  /** {@code other} where this says nothing. */
  public Profile or(Profile other) {
    return new Profile(
        registry == null ? other.registry : registry,
        serving == null ? other.serving : serving,
        user == null ? other.user : user,
        token == null ? other.token : token);
  }

  /** Stores it, for its owner's eyes only. Answers where. */
  public Path store() {
    Path file = file();
    try {
      Files.createDirectories(file.getParent());
      Path fresh = Files.createTempFile(
          file.getParent(),
          "login",
          ".new",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
      return Files.move(
          fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of a token file. */
  public static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandFailure.usage("the token file " + file + " cannot be read");
    }
  }

  private static Path file() {
    return UserFolder.CONFIG.path().resolve("login.json");
  }
}
