package dev.slipway.common.log;

import java.io.Console;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Logs are JSON unless a person watches. Anything set explicitly, in a service or in the environment, goes before.
 */
public final class TerminalLogs implements ConfigSource {
  /** Above what the build recorded, below application.properties (250). */
  private static final int ORDINAL = 150;

  private static final String KEY = "quarkus.log.console.json.enabled";

  private final Map<String, String> values = Map.of(KEY, Boolean.toString(!onTerminal()));

  private static boolean onTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  @Override
  public Set<String> getPropertyNames() {
    return values.keySet();
  }

  @Override
  public String getValue(String name) {
    return values.get(name);
  }

  @Override
  public String getName() {
    return "slipway terminal detection";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
