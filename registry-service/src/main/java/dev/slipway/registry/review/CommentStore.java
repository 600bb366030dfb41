package dev.slipway.registry.review;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Rows of request_comment. */
@ApplicationScoped
class CommentStore {
  private final Database database;

  CommentStore(Database database) {
    this.database = database;
  }

  /** A comment with the request that it is on. */
  record Said(long request, String author, String body, Instant at) {}

  void comment(long request, String author, String body, Instant at) {
    database.update(
        "insert into request_comment (request_id, author, body, created_at) values (?, ?, ?, ?)",
        request,
        author,
        body,
        at);
  }

  List<Said> comments(Collection<Long> requests) {
    return database.list(
        """
        select request_id, author, body, created_at from request_comment
         where request_id = any(?) order by id
        """,
        row -> new Said(
            row.number("request_id"), row.text("author"), row.text("body"), row.time("created_at")),
        requests);
  }
}
