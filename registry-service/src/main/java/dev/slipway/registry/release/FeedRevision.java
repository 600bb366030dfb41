package dev.slipway.registry.release;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Notifications;
import jakarta.enterprise.context.ApplicationScoped;

/** The counter that says that the feed changed. */
@ApplicationScoped
public class FeedRevision {
  private final Database database;
  private final FeedWatch watch;
  private final AfterCommit afterCommit;

  FeedRevision(Database database, FeedWatch watch, AfterCommit afterCommit) {
    this.database = database;
    this.watch = watch;
    this.afterCommit = afterCommit;
  }

  /** A point in the life of the feed; revisions of two epochs cannot be compared. */
  public record Position(String epoch, long revision) {}

  /**
   * Announces a change with the transaction that makes it: call it last, because from here to the commit no other change to the
   * feed gets by. The replicas are woken by the commit.
   *
   * @return the revision that the transaction's changes will have
   */
  public Position bump() {
    Position position = database
        .first(
            """
            with bumped as (update feed set revision = revision + 1 returning epoch, revision)
            select epoch::text as epoch, revision, pg_notify(?, revision::text)::text as told from bumped
            """,
            row -> new Position(row.text("epoch"), row.number("revision")),
            Notifications.Channel.SLIPWAY_FEED.sqlName())
        .orElseThrow(() -> new IllegalStateException("the feed row is missing"));
    afterCommit.run(watch::raise);
    return position;
  }

  Position current() {
    return database
        .first(
            "select epoch::text as epoch, revision from feed",
            row -> new Position(row.text("epoch"), row.number("revision")))
        .orElseThrow(() -> new IllegalStateException("the feed row is missing"));
  }
}
