package dev.slipway.registry.external;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The rows. An attempt that gives no sign of life for a minute is dead: its process is gone, and another may take its place. */
@ApplicationScoped
class CopyStore {
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final Database database;
  private final Clock clock;

  CopyStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  Optional<Copy> find(long version) {
    return database.first("""
        select c.*, m.name as model, v.number
          from version_copy c join model_version v on v.id = c.version_id join registered_model m on m.id = v.model_id
         where c.version_id = ?
        """, CopyStore::copy, version);
  }

  int running() {
    return database
        .first(
            "select count(*) as n from version_copy where state = 'running' and heartbeat > ?",
            row -> row.integer("n"),
            alive())
        .orElse(0);
  }

  /** Whether the attempt is the version's from here on; else there is one that runs. */
  boolean begin(long version, UUID attempt, String actor) {
    Instant now = clock.instant();
    return database.update("""
            insert into version_copy (version_id, attempt, state, actor, started_at, heartbeat)
            values (?, ?, 'running', ?, ?, ?)
            on conflict (version_id) do update
               set attempt = excluded.attempt, state = 'running', actor = excluded.actor, error = null, files = 0, bytes = 0,
                   files_done = 0, bytes_done = 0, started_at = excluded.started_at, heartbeat = excluded.heartbeat,
                   ended_at = null
             where version_copy.state <> 'running' or version_copy.heartbeat <= ?
            """, version, attempt, actor, now, now, alive()) > 0;
  }

  void measure(UUID attempt, int files, long bytes) {
    database.update(
        "update version_copy set files = ?, bytes = ? where attempt = ?", files, bytes, attempt);
  }

  /** A sign of life. Answers whether the attempt is still the version's; locks its row for the rest of the transaction. */
  boolean beat(UUID attempt, int filesDone, long bytesDone) {
    return database.update(
            "update version_copy set heartbeat = ?, files_done = ?, bytes_done = ? where attempt = ? and state = 'running'",
            clock.instant(),
            filesDone,
            bytesDone,
            attempt)
        > 0;
  }

  /** Answers whether the attempt was still the version's. */
  boolean end(UUID attempt, Copy.State state, String error) {
    return database.update(
            "update version_copy set state = ?, error = ?, ended_at = ? where attempt = ? and state = 'running'",
            state.name().toLowerCase(Locale.ROOT),
            error,
            clock.instant(),
            attempt)
        > 0;
  }

  /** Ends what gives no sign of life. Answers the versions. */
  List<Long> endSilent() {
    return database.list("""
        update version_copy set state = 'failed', ended_at = ?, error = 'the registry that copied it stopped; start it again'
         where state = 'running' and heartbeat <= ? returning version_id
        """, row -> row.number("version_id"), clock.instant(), alive());
  }

  private Instant alive() {
    return clock.instant().minus(SILENCE);
  }

  private static Copy copy(Row row) throws SQLException {
    return new Copy(
        row.text("model"),
        row.integer("number"),
        Copy.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.text("error"),
        row.text("actor"),
        row.integer("files"),
        row.integer("files_done"),
        row.number("bytes"),
        row.number("bytes_done"),
        row.time("started_at"),
        row.time("ended_at"));
  }
}
