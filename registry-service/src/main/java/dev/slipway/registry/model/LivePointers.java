package dev.slipway.registry.model;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Models and versions as review and release see them: the row that serialises all that happens to one model, its live pointer,
 * and the stages. Every call runs in the caller's transaction.
 */
@ApplicationScoped
public class LivePointers {
  private static final String MODEL =
      "select id, name, live_version_id, previous_version_id from registered_model ";
  private static final String VERSION = """
      select id, model_id, number, stage, status, servable, servable_reason, digest,
             first_live_at is not null as was_live from model_version
      """;

  private final Database database;

  LivePointers(Database database) {
    this.database = database;
  }

  /**
   * @param live the live version's id; null when none is live
   * @param previous the id of the version that a rollback returns to; null when there is none
   */
  public record Model(long id, String name, Long live, Long previous) {}

  /**
   * @param ready whether registration is complete (MLflow's READY)
   * @param servable unknown, yes or no
   * @param digest null when there is no snapshot
   */
  public record Version(
      long id,
      long modelId,
      int number,
      Stage stage,
      boolean ready,
      String servable,
      String servableReason,
      String digest,
      boolean wasLive) {}

  /** Looks without locking. @throws NotFound when there is none of that name */
  public Model find(String name) {
    return database
        .first(MODEL + "where name = ?", LivePointers::model, name)
        .orElseThrow(() -> unknown(name));
  }

  /** Takes the model's row lock, which every move of a stage or of the pointer holds. @throws NotFound when there is none of that name */
  public Model lock(String name) {
    return database
        .first(MODEL + "where name = ? for update", LivePointers::model, name)
        .orElseThrow(() -> unknown(name));
  }

  /**
   * A locked model.
   *
   * @param seen the id of the version that was live when the lock was asked for; null for none. While it was waited for, another
   *     may have gone live
   */
  public record Locked(Model model, Long seen) {}

  /** As {@link #lock(String)}, for whoever must know whether somebody was faster. */
  public Locked lockNoting(String name) {
    // Of the row that is not locked PostgreSQL shows what was there before the wait.
    return database
        .first("""
            select m.id, m.name, m.live_version_id, m.previous_version_id, before.live_version_id as seen
              from registered_model m join registered_model before on before.id = m.id
             where m.name = ? for update of m
            """, row -> new Locked(model(row), row.number("seen")), name)
        .orElseThrow(() -> unknown(name));
  }

  /** As {@link #lock(String)}; empty when the model is gone. */
  public Optional<Model> lock(long id) {
    return database.first(MODEL + "where id = ? for update", LivePointers::model, id);
  }

  /** As {@link #lock(long)}; empty also while somebody else holds the lock. */
  public Optional<Model> lockIfFree(long id) {
    return database.first(MODEL + "where id = ? for update skip locked", LivePointers::model, id);
  }

  /** @throws NotFound when there is none of that name */
  public Version version(Model model, int number) {
    return database
        .first(
            VERSION + "where model_id = ? and number = ?",
            LivePointers::version,
            model.id(),
            number)
        .orElseThrow(() -> new NotFound(
                "version-not-found", "model '" + model.name() + "' has no version " + number)
            .with("model", model.name())
            .with("version", number));
  }

  /** Versions by id; an id of no version is left out. */
  public Map<Long, Version> versions(Collection<Long> ids) {
    List<Version> found = database.list(VERSION + "where id = any(?)", LivePointers::version, ids);
    return found.stream().collect(Collectors.toMap(Version::id, Function.identity()));
  }

  public Map<String, String> tags(long model) {
    record Tag(String key, String value) {}
    return database
        .list(
            "select key, value from model_tag where model_id = ?",
            row -> new Tag(row.text("key"), row.text("value")),
            model)
        .stream()
        .collect(Collectors.toMap(Tag::key, Tag::value));
  }

  /** For MLflow's clients that is an update of the model too. */
  public void moveStage(long version, Stage stage, Instant now) {
    database.update("""
        with moved as (
          update model_version set stage = ?, updated_at = ?, row_version = row_version + 1
           where id = ? returning model_id)
        update registered_model set updated_at = ?, row_version = row_version + 1
         where id = (select model_id from moved)
        """, stage.label(), now, version, now);
  }

  /** A version that came from one stage to another together with the one that somebody moved. */
  public record Moved(int number, String digest, Stage from, Stage to) {}

  /** Every other version of the model in {@code stage} goes to Archived. @return those, by number */
  public List<Moved> archiveOthers(Model model, long except, Stage stage, Instant now) {
    return moved(database.list("""
        update model_version v set stage = 'Archived', updated_at = ?, row_version = v.row_version + 1
          from model_version old
         where old.id = v.id and v.model_id = ? and v.stage = ? and v.id <> ?
        returning v.number, v.digest, old.stage as was, v.stage
        """, LivePointers::moved, now, model.id(), stage.label(), except));
  }

  /**
   * Makes a version live, in Production.
   *
   * @param tied whether stage and pointer are tied together from here on (a reviewed policy); then every other version leaves
   *     Production, else only {@code from} does when it was rolled back
   * @param previous the number of the version that a rollback returns to from now on; null for none
   * @param archive the version that leaves Production though stages are labels; null for none
   * @return the versions that are in another stage now, by number
   */
  public List<Moved> pointTo(
      Model model, long version, Long previous, boolean tied, Long archive, Instant now) {
    List<Moved> touched = database.list(
        """
        with moved as (
          update model_version v
             set stage = case when v.id = ? then 'Production' else 'Archived' end,
                 first_live_at = case when v.id = ? then coalesce(v.first_live_at, ?) else v.first_live_at end,
                 updated_at = ?, row_version = v.row_version + 1
            from model_version old
           where old.id = v.id and (v.id = ? or (v.model_id = ? and v.stage = 'Production' and (? or v.id = ?)))
          returning v.number, v.digest, old.stage as was, v.stage),
        pointed as (
          update registered_model
             set live_version_id = ?, live_stage = ?, updated_at = ?, row_version = row_version + 1,
                 previous_version_id = (select id from model_version where model_id = ? and number = ?)
           where id = ?)
        select number, digest, was, stage from moved
        """,
        LivePointers::moved,
        version,
        version,
        now,
        now,
        version,
        model.id(),
        tied,
        archive,
        version,
        tied ? "Production" : null,
        now,
        model.id(),
        previous,
        model.id());
    return moved(touched);
  }

  private static List<Moved> moved(List<Moved> touched) {
    return touched.stream()
        .filter(version -> version.from() != version.to())
        .sorted(Comparator.comparingInt(Moved::number))
        .toList();
  }

  /** The number of the version that a rollback returns to from now on; null for none. */
  public void returnTo(Model model, Long previous) {
    database.update("""
        update registered_model
           set previous_version_id = (select id from model_version where model_id = ? and number = ?),
               row_version = row_version + 1
         where id = ?
        """, model.id(), previous, model.id());
  }

  /** No version is live any more; the stage of the one that was is moved by the caller. */
  public void clear(Model model, Instant now) {
    database.update("""
        update registered_model
           set live_version_id = null, live_stage = null, previous_version_id = null, updated_at = ?,
               row_version = row_version + 1
         where id = ?
        """, now, model.id());
  }

  /** Ties or unties pointer and stage, as the policy in force asks. A live version outside Production stays untied. */
  public void tie(long model, boolean tied) {
    database.update("""
        update registered_model m
           set live_stage = case when ? and v.stage = 'Production' then 'Production' end
          from model_version v where v.id = m.live_version_id and m.id = ?
        """, tied, model);
  }

  /**
   * Ties or unties pointer and stage as the policy in force says; touches only models where that changes.
   *
   * @param model null for every model
   */
  public void tieAsPoliciesSay(Long model) {
    database.update("""
        with should as (
          select m.id, case when p.body ->> 'mode' = 'reviewed' and v.stage = 'Production' then 'Production' end as stage
            from registered_model m join model_version v on v.id = m.live_version_id
            join policy p on p.id = policy_in_force(m.id)
           where ?::bigint is null or m.id = ?)
        update registered_model m set live_stage = s.stage from should s
         where s.id = m.id and m.live_stage is distinct from s.stage
        """, model, model);
  }

  private static Moved moved(Row row) throws SQLException {
    return new Moved(
        row.integer("number"),
        row.text("digest"),
        Stage.of(row.text("was")),
        Stage.of(row.text("stage")));
  }

  private static Model model(Row row) throws SQLException {
    return new Model(
        row.number("id"),
        row.text("name"),
        row.number("live_version_id"),
        row.number("previous_version_id"));
  }

  private static Version version(Row row) throws SQLException {
    return new Version(
        row.number("id"),
        row.number("model_id"),
        row.integer("number"),
        Stage.of(row.text("stage")),
        "READY".equals(row.text("status")),
        row.text("servable"),
        row.text("servable_reason"),
        row.text("digest"),
        row.flag("was_live"));
  }

  private static RegistryException unknown(String name) {
    return new NotFound("model-not-found", "there is no registered model '" + name + "'")
        .with("model", name);
  }
}
