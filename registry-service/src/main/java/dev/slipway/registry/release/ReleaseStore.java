package dev.slipway.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.release.ReleaseSequence.Step;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rows of the release table. */
@ApplicationScoped
class ReleaseStore {
  private static final String VIEW = """
      select r.id, m.name as model, r.kind, r.from_number as from_version, r.to_number as to_version, r.state,
             r.reason, r.actor, r.request_id, r.started_at, r.switched_at, r.feed_revision, r.replicas
        from release r join registered_model m on m.id = r.model_id
      """;

  private final Database database;
  private final ObjectMapper json;

  ReleaseStore(Database database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** A release that waits for the replicas. */
  record Preparing(
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
      long since) {}

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

  /** @return the id; empty when another release of the model is in flight */
  Optional<Long> insertPreparing(Start start, Instant deadline) {
    return database.first(
        """
        insert into release (model_id, kind, from_version_id, to_version_id, from_number, to_number, request_id,
                             state, reason, actor, started_at, deadline)
        values (?, ?, ?, ?, (select number from model_version where id = ?),
                (select number from model_version where id = ?), ?, 'preparing', ?, ?, ?, ?)
        on conflict (model_id) where state = 'preparing' do nothing
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
        deadline);
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
            write(replicas))
        .orElseThrow();
  }

  void recordRevision(long id, long revision) {
    database.update("update release set feed_revision = ? where id = ?", revision, id);
  }

  /** Ends a release that still prepares. @return whether it did: somebody else may have ended it */
  boolean finish(
      long id,
      ReleaseState state,
      String reason,
      Instant switchedAt,
      List<ReplicaOutcome> replicas) {
    return database.update("""
            update release set state = ?, reason = coalesce(?, reason), switched_at = ?, replicas = ?::jsonb
             where id = ? and state = 'preparing'
            """, state.label(), reason, switchedAt, write(replicas), id) == 1;
  }

  void recordReplicas(long id, List<ReplicaOutcome> replicas) {
    database.update("update release set replicas = ?::jsonb where id = ?", write(replicas), id);
  }

  List<Preparing> preparing() {
    return database.list(
        PREPARING + " where state = 'preparing' order by id", ReleaseStore::preparing);
  }

  Optional<Preparing> preparing(long id) {
    return database.first(
        PREPARING + " where state = 'preparing' and id = ?", ReleaseStore::preparing, id);
  }

  Optional<Preparing> preparingOf(long model) {
    return database.first(
        PREPARING + " where state = 'preparing' and model_id = ?", ReleaseStore::preparing, model);
  }

  private static final String PREPARING = """
      select id, model_id, kind, from_version_id, to_version_id, request_id, reason, actor, started_at,
             deadline, coalesce(feed_revision, 0) as since from release
      """;

  /** The switches of a model in their order. */
  ReleaseSequence sequence(long model) {
    record Switched(Step step, boolean gone) {}
    List<Switched> switches = database.list(
        """
        select kind, from_number, to_number, to_number is not null and to_version_id is null as gone
          from release where model_id = ? and state = 'live' order by id
        """,
        row -> new Switched(
            new Step(
                ReleaseKind.of(row.text("kind")),
                row.number("from_number"),
                row.number("to_number")),
            row.flag("gone")),
        model);
    return new ReleaseSequence(
        switches.stream().map(Switched::step).toList(),
        switches.stream()
            .filter(Switched::gone)
            .map(it -> it.step().to())
            .collect(Collectors.toSet()));
  }

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
        read(row.text("replicas")),
        null);
  }

  private static Preparing preparing(Row row) throws SQLException {
    return new Preparing(
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
        row.number("since"));
  }

  private String write(List<ReplicaOutcome> replicas) {
    try {
      return json.writeValueAsString(replicas);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a release's replicas cannot be written", e);
    }
  }

  private List<ReplicaOutcome> read(String replicas) {
    try {
      return json.readValue(replicas, new TypeReference<List<ReplicaOutcome>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a release's stored replicas cannot be read", e);
    }
  }
}
