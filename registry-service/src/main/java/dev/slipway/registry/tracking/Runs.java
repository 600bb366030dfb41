package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Creates, reads, changes and finds runs. An unknown run is NOT_FOUND; changing a deleted one is INVALID. */
@ApplicationScoped
public class Runs {
  /** The tag that says again what the run is called. */
  public static final String NAME_TAG = "mlflow.runName";

  /** There is always a tag: the name's. */
  private static final String INSERT = "with r as ("
      + "insert into run (run_id, experiment_id, name, user_id, status, start_time, artifact_uri)"
      + " values (?, ?, ?, ?, 'RUNNING', ?, ?) returning *),"
      + " tags as (insert into run_tag (run, key, value) select r.id, t.* from r, unnest(?, ?) as t)"
      + " select " + RunRow.COLUMNS + " from r";

  private final Database database;
  private final RunReader reader;
  private final Experiments experiments;
  private final Clock clock;

  Runs(Database database, RunReader reader, Experiments experiments, Clock clock) {
    this.database = database;
    this.reader = reader;
    this.experiments = experiments;
    this.clock = clock;
  }

  /**
   * A new run in state RUNNING.
   *
   * @param experimentId empty for the default experiment, which must be active
   * @param name empty to take it from the tags, or else a made-up one
   */
  @Transactional
  public Run create(
      String experimentId, String userId, long startTime, String name, List<KeyValue> tags) {
    Experiment experiment = experiments.requireActive(experimentId);
    String runId = UUID.randomUUID().toString().replace("-", "");
    var allTags = new ArrayList<KeyValue>(tags.size() + 1);
    for (int i = 0; i < tags.size(); i++) {
      allTags.add(TrackingRules.firstTag(tags.get(i), "tags[" + i + ']'));
    }
    String runName = name(name, allTags);
    KeyValues distinct = KeyValues.lastOfEach(allTags);
    RunInfo info = database
        .first(
            INSERT,
            RunRow::map,
            runId,
            experiment.id(),
            runName,
            userId,
            startTime,
            ArtifactUri.ofRun(experiment.artifactLocation(), runId),
            distinct.keys(),
            distinct.values())
        .orElseThrow()
        .info();
    return new Run(info, List.of(), List.of(), distinct.pairs(), List.of(), List.of(), List.of());
  }

  /** The run's name; {@code tags} gets the name tag if it has none. */
  private static String name(String name, List<KeyValue> tags) {
    Optional<String> tagged = tags.stream()
        .filter(tag -> tag.key().equals(NAME_TAG))
        .map(KeyValue::value)
        .findFirst();
    boolean named = name != null && !name.isEmpty();
    if (named && tagged.isPresent() && !tagged.get().equals(name)) {
      throw Refused.invalid(
          "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with"
              + " different values (run_name='" + name + "', mlflow.runName='" + tagged.get()
              + "').");
    }
    String chosen =
        named ? name : tagged.filter(value -> !value.isEmpty()).orElseGet(RandomName::next);
    if (tagged.isEmpty()) {
      tags.add(new KeyValue(NAME_TAG, chosen));
    }
    return chosen;
  }

  /** The run with all that it logged, deleted or not. */
  public Run get(String runId) {
    return reader.withData(List.of(reader.row(runId))).getFirst();
  }

  /** The run without what it logged, deleted or not. */
  public RunInfo info(String runId) {
    return reader.row(runId).info();
  }

  /** What may be null stays as it is. */
  @Transactional
  public RunInfo update(String runId, RunStatus status, Long endTime, String name) {
    RunRow row = reader.row(runId).requireActive();
    String newName = name == null || name.isEmpty() ? null : name;
    RunInfo updated = database
        .first(
            "update run r set status = coalesce(?, status), end_time = coalesce(?::bigint, end_time), name = coalesce(?, name)"
                + " where id = ? returning " + RunRow.COLUMNS,
            RunRow::map,
            status == null ? null : status.name(),
            endTime,
            newName,
            row.id())
        .orElseThrow()
        .info();
    if (newName != null) {
      database.update(RunLog.UPSERT_TAGS, row.id(), List.of(NAME_TAG), List.of(newName));
    }
    return updated;
  }

  /** Soft; a second time changes nothing. */
  @Transactional
  public void delete(String runId) {
    move(runId, Lifecycle.DELETED, clock.millis());
  }

  @Transactional
  public void restore(String runId) {
    move(runId, Lifecycle.ACTIVE, null);
  }

  private void move(String runId, Lifecycle to, Long deletedTime) {
    RunRow row = reader.row(runId);
    database.update(
        "update run set lifecycle = ?, deleted_time = ?::bigint where id = ?",
        to.label(),
        deletedTime,
        row.id());
  }

  /**
   * Runs of the given experiments, by filter.
   *
   * @param filter see {@code SearchGrammar.RUNS}; may be null
   * @param orderBy empty for the latest start first
   */
  public Page<Run> search(
      List<String> experimentIds,
      String filter,
      ViewType view,
      int maxResults,
      List<String> orderBy,
      String pageToken) {
    RunSearch search = RunSearch.of(experimentIds, filter, view, maxResults, orderBy, pageToken);
    Page<RunRow> page = search.run(text -> text.list(database, RunRow::map));
    return new Page<>(reader.withData(page.items()), page.nextToken());
  }
}
