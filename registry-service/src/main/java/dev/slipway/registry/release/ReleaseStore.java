package dev.slipway.registry.release;

import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows of the release table. */
@ApplicationScoped
class ReleaseStore {
  private static final String VIEW = """
      select r.id, m.name as model, r.kind, r.from_number as from_version, r.to_number as to_version, r.state,
             r.reason, r.actor, r.request_id, r.started_at, r.switched_at, r.feed_revision, r.replicas,
             r.strategy, r.step, r.step_started_at, r.figures
        from release r join registered_model m on m.id = r.model_id
      """;

  private final Database database;
  private final StoredJson json;

  ReleaseStore(Database database, StoredJson json) {
    this.database = database;
    this.json = json;
  }

  /**
   * A release that waits for the replicas, or brings the traffic over in steps.
   *
   * @param strategy null for a direct release
   * @param step the number of the step, from 0; null while preparing
   */
  record InFlight(
      long id,
      long modelId,
      ReleaseKind kind,
      Long from,
      long to,
      Long requestId,
      String reason,
      String actor,
      Instant startedAt,
      Instant deadline,
      long since,
      ReleaseState state,
      ReleaseStrategy strategy,
      Integer step,
      Instant stepStartedAt) {}

  /** What a release starts with. */
  record Start(
      long modelId,
      ReleaseKind kind,
      Long from,
      Long to,
      Long requestId,
      String reason,
      String actor,
      Instant startedAt) {}

  /**
   * @param strategy null for a direct release
   * @param replicas as they stand when it begins
   * @return the id; empty when another release of the model is in flight
   */
  Optional<Long> insertPreparing(
      Start start, Instant deadline, ReleaseStrategy strategy, List<ReplicaOutcome> replicas) {
    return database.first(
        """
        insert into release (model_id, kind, from_version_id, to_version_id, from_number, to_number, request_id,
                             state, reason, actor, started_at, deadline, strategy, replicas)
        values (?, ?, ?, ?, (select number from model_version where id = ?),
                (select number from model_version where id = ?), ?, 'preparing', ?, ?, ?, ?, ?::jsonb, ?::jsonb)
        on conflict (model_id) where state in ('preparing', 'stepping') do nothing
        returning id
        """,
        row -> row.number("id"),
        start.modelId(),
        start.kind().label(),
        start.from(),
        start.to(),
        start.from(),
        start.to(),
        start.requestId(),
        start.reason(),
        start.actor(),
        start.startedAt(),
        deadline,
        strategy == null ? null : json.write(strategy),
        json.write(replicas));
  }

  /** A switch that needed no preparing. */
  long insertLive(Start start, Instant now, List<ReplicaOutcome> replicas) {
    return database
        .first(
            """
            insert into release (model_id, kind, from_version_id, to_version_id, from_number, to_number, request_id,
                                 state, reason, actor, started_at, switched_at, replicas)
            values (?, ?, ?, ?, (select number from model_version where id = ?),
                    (select number from model_version where id = ?), ?, 'live', ?, ?, ?, ?, ?::jsonb)
            returning id
            """,
            row -> row.number("id"),
            start.modelId(),
            start.kind().label(),
            start.from(),
            start.to(),
            start.from(),
            start.to(),
            start.requestId(),
            start.reason(),
            start.actor(),
            start.startedAt(),
            now,
            json.write(replicas))
        .orElseThrow();
  }

  /** Ends a release that is in flight. @return whether it did: somebody else may have ended it */
  boolean finish(
      long id,
      ReleaseState state,
      String reason,
      Instant switchedAt,
      List<ReplicaOutcome> replicas) {
    return database.update("""
            update release set state = ?, reason = coalesce(?, reason), switched_at = ?, replicas = ?::jsonb
             where id = ? and state in ('preparing', 'stepping')
            """, state.label(), reason, switchedAt, json.write(replicas), id) == 1;
  }

  /**
   * Outside any transaction. That the replicas confirmed can be asked of them again: the caller, who waits for the answer, does not wait
   * for the disk too.
   */
  void confirmed(long id, List<ReplicaOutcome> replicas) {
    database.update("""
        update release set replicas = ?::jsonb
         where id = ? and set_config('synchronous_commit', 'off', true) = 'off'
        """, json.write(replicas), id);
  }

  /** Goes to a step, or begins it anew. @return whether the release was still in flight */
  boolean step(long id, int step, Instant now, Observed observed) {
    return database.update("""
            update release set state = 'stepping', step = ?, step_started_at = ?, observed = ?::jsonb, figures = null
             where id = ? and state in ('preparing', 'stepping')
            """, step, now, json.write(observed), id) == 1;
  }

  /** What the replicas had counted when the present window began; empty when that is not known. */
  Optional<Observed> observed(long id) {
    return database
        .first(
            "select observed from release where id = ? and observed is not null",
            row -> row.text("observed"),
            id)
        .map(text -> json.read(text, Observed.class));
  }

  void recordObserved(long id, Observed observed) {
    database.update(
        "update release set observed = ?::jsonb where id = ?", json.write(observed), id);
  }

  void recordFigures(long id, StepFigures figures) {
    database.update("update release set figures = ?::jsonb where id = ?", json.write(figures), id);
  }

  /** As {@link #recordFigures(long, StepFigures)}, unless newer ones than of {@code olderThan} are there. */
  void recordFigures(long id, StepFigures figures, Instant olderThan) {
    database.update("""
        update release set figures = ?::jsonb
         where id = ? and coalesce((figures ->> 'at')::timestamptz, '-infinity') <= ?
        """, json.write(figures), id, olderThan);
  }

  List<InFlight> inFlight() {
    return database.list(IN_FLIGHT + " order by id", this::inFlight);
  }

  Optional<InFlight> inFlight(long id) {
    return database.first(IN_FLIGHT + " and id = ?", this::inFlight, id);
  }

  Optional<InFlight> inFlightOf(long model) {
    return database.first(IN_FLIGHT + " and model_id = ?", this::inFlight, model);
  }

  private static final String IN_FLIGHT = """
      select id, model_id, kind, from_version_id, to_version_id, request_id, reason, actor, started_at,
             deadline, coalesce(feed_revision, 0) as since, state, strategy, step, step_started_at
        from release where state in ('preparing', 'stepping')
      """;

  Optional<Release> find(long id) {
    return database.first(VIEW + " where r.id = ?", this::release, id);
  }

  Optional<Release> latest(long model) {
    return database.first(
        VIEW + " where r.model_id = ? and r.state = 'live' order by r.id desc limit 1",
        this::release,
        model);
  }

  List<Release> page(long model, long before, int size) {
    return database.list(
        VIEW + " where r.model_id = ? and r.id < ? order by r.id desc limit ?",
        this::release,
        model,
        before,
        size);
  }

  private Release release(Row row) throws SQLException {
    return new Release(
        row.number("id"),
        row.text("model"),
        ReleaseKind.of(row.text("kind")),
        row.integer("from_version"),
        row.integer("to_version"),
        ReleaseState.of(row.text("state")),
        row.text("reason"),
        row.text("actor"),
        row.number("request_id"),
        row.time("started_at"),
        row.time("switched_at"),
        row.number("feed_revision"),
        null,
        json.readList(row.text("replicas"), ReplicaOutcome.class),
        rollout(row),
        null);
  }

  private Rollout rollout(Row row) throws SQLException {
    String strategy = row.text("strategy");
    String figures = row.text("figures");
    return strategy == null
        ? null
        : Rollout.of(
            json.read(strategy, ReleaseStrategy.class),
            ReleaseState.of(row.text("state")),
            row.integer("step"),
            row.time("step_started_at"),
            row.integer("from_version"),
            row.integer("to_version"),
            figures == null ? null : json.read(figures, StepFigures.class));
  }

  private InFlight inFlight(Row row) throws SQLException {
    return new InFlight(
        row.number("id"),
        row.number("model_id"),
        ReleaseKind.of(row.text("kind")),
        row.number("from_version_id"),
        row.number("to_version_id"),
        row.number("request_id"),
        row.text("reason"),
        row.text("actor"),
        row.time("started_at"),
        row.time("deadline"),
        row.number("since"),
        ReleaseState.of(row.text("state")),
        row.text("strategy") == null
            ? null
            : json.read(row.text("strategy"), ReleaseStrategy.class),
        row.integer("step"),
        row.time("step_started_at"));
  }
}
