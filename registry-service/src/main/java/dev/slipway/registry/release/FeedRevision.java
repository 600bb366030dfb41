package dev.slipway.registry.release;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Optional;

/** The counter that says that the feed changed. */
@ApplicationScoped
public class FeedRevision {
  /** Also says to the other processes how far the feed is: each of them may know that already. */
  private static final String TELL = """
      select epoch::text as epoch, revision,
             pg_notify(?, epoch::text || ' ' || revision::text)::text as told from bumped
      """;

  private final Database database;
  private final FeedWatch watch;
  private final AfterCommit afterCommit;
  private volatile Position lastOwn;

  FeedRevision(Database database, FeedWatch watch, AfterCommit afterCommit) {
    this.database = database;
    this.watch = watch;
    this.afterCommit = afterCommit;
  }

  /** A point in the life of the feed; revisions of two epochs cannot be compared. */
  public record Position(String epoch, long revision) {
    /** Whether it is no later than {@code other}, as far as that can be said. */
    boolean isReachedBy(Position other) {
      return other != null && other.epoch.equals(epoch) && other.revision >= revision;
    }

    /** As it is told to other processes. */
    static Optional<Position> read(String told) {
      String[] parts = told == null ? new String[0] : told.split(" ");
      return parts.length == 2 && parts[1].matches("[0-9]{1,18}")
          ? Optional.of(new Position(parts[0], Long.parseLong(parts[1])))
          : Optional.empty();
    }
  }

  /**
   * Announces a change with the transaction that makes it: call it last, because from here to the commit no other change to the
   * feed gets by. The replicas are woken by the commit.
   *
   * @return the revision that the transaction's changes will have
   */
  public Position bump() {
    return announced(database.first(
        """
        with bumped as (update feed set revision = revision + 1 returning epoch, revision)
        """ + TELL, FeedRevision::position, Notifications.Channel.SLIPWAY_FEED.sqlName()));
  }

  /** As {@link #bump()}, with the revision noted in the release that is announced. */
  Position bumpFor(long release) {
    return announced(database.first(
        """
        with bumped as (update feed set revision = revision + 1 returning epoch, revision),
             noted as (update release set feed_revision = bumped.revision from bumped where id = ?)
        """ + TELL, FeedRevision::position, release, Notifications.Channel.SLIPWAY_FEED.sqlName()));
  }

  private Position announced(Optional<Position> bumped) {
    Position position =
        bumped.orElseThrow(() -> new IllegalStateException("the feed row is missing"));
    afterCommit.run(() -> {
      lastOwn = position;
      watch.moved(position);
    });
    return position;
  }

  /** Where the feed was at a revision that was committed a moment ago; of its own ones this process knows the epoch. */
  Position of(long revision) {
    Position own = lastOwn;
    String epoch =
        own != null && own.revision() >= revision ? own.epoch() : current().epoch();
    return new Position(epoch, revision);
  }

  Position current() {
    return database
        .first("select epoch::text as epoch, revision from feed", FeedRevision::position)
        .orElseThrow(() -> new IllegalStateException("the feed row is missing"));
  }

  private static Position position(Row row) throws SQLException {
    return new Position(row.text("epoch"), row.number("revision"));
  }
}
