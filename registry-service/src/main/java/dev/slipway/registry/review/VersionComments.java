package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;

/** Remarks on a version, changed and taken back only by who made them. While a request waits they are part of its discussion. */
@ApplicationScoped
public class VersionComments {
  private static final String SELECT =
      "select id, author, body, created_at, coalesce(updated_at, created_at) as updated_at from request_comment ";

  private final Database database;
  private final LivePointers pointers;
  private final Clock clock;

  VersionComments(Database database, LivePointers pointers, Clock clock) {
    this.database = database;
    this.pointers = pointers;
    this.clock = clock;
  }

  /** A remark. */
  public record Comment(
      long id, String author, String body, Instant createdAt, Instant updatedAt) {}

  /** @throws NotFound when there is no such version */
  @Transactional
  public Comment add(Caller caller, String model, int version, String body) {
    requireNamed(caller);
    requireBody(body);
    long versionId = pointers.version(pointers.find(model), version).id();
    return database
        .first(
            """
            insert into request_comment (request_id, version_id, author, body, created_at)
            values ((select max(id) from transition_request where version_id = ? and state = 'open'), ?, ?, ?, ?)
            returning id, author, body, created_at, created_at as updated_at
            """,
            VersionComments::comment,
            versionId,
            versionId,
            caller.name(),
            body,
            clock.instant())
        .orElseThrow();
  }

  /** @throws Forbidden unless the caller made it */
  @Transactional
  public Comment update(Caller caller, long id, String body) {
    requireBody(body);
    requireOwn(caller, id);
    database.update(
        "update request_comment set body = ?, updated_at = ? where id = ?",
        body,
        clock.instant(),
        id);
    return find(id);
  }

  /** @throws Forbidden unless the caller made it or is an admin */
  @Transactional
  public void delete(Caller caller, long id) {
    if (!caller.has(Role.ADMIN)) {
      requireOwn(caller, id);
    }
    find(id);
    database.update("delete from request_comment where id = ?", id);
  }

  private Comment find(long id) {
    return database
        .first(SELECT + "where id = ? and version_id is not null", VersionComments::comment, id)
        .orElseThrow(
            () -> new NotFound("comment-not-found", "there is no comment " + id + " on a version"));
  }

  private void requireOwn(Caller caller, long id) {
    requireNamed(caller);
    if (!find(id).author().equals(caller.name())) {
      throw new Forbidden("not-yours", "only who made a comment may change it");
    }
  }

  private static void requireNamed(Caller caller) {
    if (caller.isAnonymous()) {
      throw new Forbidden("name-needed", "a comment is made by name: say who you are");
    }
  }

  private static void requireBody(String body) {
    if (body == null || body.isBlank()) {
      throw new Invalid("a comment has a body");
    }
    Reviews.requireComment(body);
  }

  private static Comment comment(Row row) throws SQLException {
    return new Comment(
        row.number("id"),
        row.text("author"),
        row.text("body"),
        row.time("created_at"),
        row.time("updated_at"));
  }
}
