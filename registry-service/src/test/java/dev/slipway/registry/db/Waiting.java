package dev.slipway.registry.db;

import static org.awaitility.Awaitility.await;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** For tests of transactions that stand in each other's way. */
@ApplicationScoped
public class Waiting {
  private final Database database;

  Waiting(Database database) {
    this.database = database;
  }

  /** Until a transaction waits for a lock in a statement with these words. */
  public void awaitLockIn(String words) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> database
            .first(
                "select exists (select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like ?) as waits",
                row -> row.flag("waits"),
                "%" + words + "%")
            .orElseThrow());
  }
}
