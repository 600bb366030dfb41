package dev.slipway.registry.db;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Wakes this process when another one committed something. A notification is a hint and may be lost: whoever listens also looks
 * by itself. Runs on one connection outside the pool and connects again for as long as it takes.
 */
@ApplicationScoped
public class Notifications {
  private static final Logger LOG = Logger.getLogger(Notifications.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int WAIT_MS = 1_000;

  private final String url;
  private final Properties login = new Properties();
  private final Map<Channel, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();
  private volatile boolean running;
  private Thread thread;

  /** What a process may be woken for. */
  public enum Channel {
    SLIPWAY_FEED,
    SLIPWAY_JOB;

    /** As Postgres spells it. */
    public String sqlName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  Notifications(
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") String username,
      @ConfigProperty(name = "quarkus.datasource.password") java.util.Optional<String> password) {
    this.url = url;
    login.setProperty("user", username);
    password.ifPresent(it -> login.setProperty("password", it));
    login.setProperty("ApplicationName", "slipway-listen");
    // A server that vanished without a word is noticed by the kernel's keep-alive; the listeners'
    // own look covers the time until then.
    login.setProperty("tcpKeepAlive", "true");
    login.setProperty("connectTimeout", "5");
  }

  /** Calls {@code wake} after each notification on the channel, and after each new connection. It must not block. */
  public void listen(Channel channel, Runnable wake) {
    listen(channel, told -> wake.run());
  }

  /** As {@link #listen(Channel, Runnable)}, with what the notification says: null after a new connection. */
  public void listen(Channel channel, Consumer<String> wake) {
    listeners.computeIfAbsent(channel, key -> new CopyOnWriteArrayList<>()).add(wake);
  }

  void start(@Observes StartupEvent event) {
    running = true;
    thread = Thread.ofPlatform().daemon().name("slipway-listen").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    thread.interrupt();
    thread.join(2L * WAIT_MS);
  }

  private void run() {
    boolean warned = false;
    while (running) {
      try (Connection connection = DriverManager.getConnection(url, login)) {
        warned = false;
        follow(connection);
      } catch (SQLException e) {
        if (running && !warned) {
          LOG.warnf(
              "no connection for notifications, trying again each second: %s", e.getMessage());
          warned = true;
        }
        pause();
      } catch (RuntimeException | Error e) {
        // Without this thread nothing is heard of other processes until a restart.
        LOG.error("notifications are not followed, trying again", e);
        pause();
      }
    }
  }

  private void follow(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (Channel channel : Channel.values()) {
        statement.execute("listen " + channel.sqlName());
      }
    }
    for (Channel channel : Channel.values()) {
      wake(channel.sqlName(), null);
    }
    PGConnection notifications = connection.unwrap(PGConnection.class);
    while (running) {
      PGNotification[] received = notifications.getNotifications(WAIT_MS);
      if (received != null) {
        for (PGNotification notification : received) {
          wake(notification.getName(), notification.getParameter());
        }
      }
    }
  }

  private void wake(String name, String told) {
    for (Channel channel : Channel.values()) {
      if (channel.sqlName().equals(name)) {
        listeners.getOrDefault(channel, List.of()).forEach(listener -> listener.accept(told));
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }
}
