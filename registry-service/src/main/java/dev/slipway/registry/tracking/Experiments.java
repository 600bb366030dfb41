package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.DatabaseException;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.problem.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates, changes and finds experiments. Ids arrive as strings, as MLflow has them; one that is no number is INVALID, one that
 * is unknown NOT_FOUND. Deleting is soft, takes the runs along, and can be undone.
 */
@ApplicationScoped
public class Experiments {
  private static final String COLUMNS =
      "select id, name, artifact_location, lifecycle, creation_time, last_update_time from experiment ";

  private final Database database;
  private final Clock clock;

  Experiments(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A new experiment.
   *
   * @param artifactLocation null or empty for the default: a folder of the artifact proxy
   * @throws RegistryException.AlreadyExists also when the namesake is deleted
   */
  @Transactional
  public long create(String name, String artifactLocation, List<KeyValue> tags) {
    TrackingRules.experimentName(name);
    boolean ownLocation = artifactLocation != null && !artifactLocation.isEmpty();
    if (ownLocation) {
      TrackingRules.artifactLocation(artifactLocation);
    }
    tags.forEach(TrackingRules::experimentTag);
    TrackingRules.customViews(
        tags.stream().filter(tag -> TrackingRules.isCustomView(tag.key())).count(), null);
    long now = clock.millis();
    long id = insert(name, ownLocation ? ArtifactUri.absolute(artifactLocation) : "", now);
    if (!ownLocation) {
      database.update(
          "update experiment set artifact_location = ? where id = ?",
          ArtifactUri.ofExperiment(id),
          id);
    }
    writeTags(id, tags);
    return id;
  }

  private long insert(String name, String location, long now) {
    try {
      return database
          .first(
              "insert into experiment (name, artifact_location, creation_time, last_update_time)"
                  + " values (?, ?, ?, ?) returning id",
              row -> row.number("id"),
              name,
              location,
              now,
              now)
          .orElseThrow();
    } catch (DatabaseException e) {
      if (e.isDuplicate()) {
        throw Refused.exists("Experiment(name=" + name + ") already exists.");
      }
      throw e;
    }
  }

  /** Makes sure that the default experiment is there, for a database that was just emptied. */
  @Transactional
  public void ensureDefault() {
    long now = clock.millis();
    database.update(
        "insert into experiment (id, name, artifact_location, creation_time, last_update_time)"
            + " values (?, 'Default', ?, ?, ?) on conflict do nothing",
        Experiment.DEFAULT_ID,
        ArtifactUri.ofExperiment(Experiment.DEFAULT_ID),
        now,
        now);
  }

  /** The experiment, deleted or not. */
  public Experiment get(String id) {
    return withTags(List.of(row(TrackingRules.experimentId(id), Lifecycle.values())))
        .getFirst();
  }

  /** What an experiment is called, deleted or not; empty when there is none of that id. */
  public Optional<String> name(long id) {
    return database.first("select name from experiment where id = ?", row -> row.text("name"), id);
  }

  /** The experiment of that name, deleted or not; empty when there is none. */
  public Optional<Experiment> findByName(String name) {
    return database
        .first(COLUMNS + "where name = ?", Experiments::map, name)
        .map(experiment -> withTags(List.of(experiment)).getFirst());
  }

  /** Deletes an active experiment with its runs. */
  @Transactional
  public void delete(String id) {
    move(id, Lifecycle.ACTIVE, Lifecycle.DELETED);
  }

  /** Restores a deleted experiment with its runs. */
  @Transactional
  public void restore(String id) {
    move(id, Lifecycle.DELETED, Lifecycle.ACTIVE);
  }

  private void move(String id, Lifecycle from, Lifecycle to) {
    Experiment experiment = row(TrackingRules.experimentId(id), from);
    long now = clock.millis();
    database.update(
        "update experiment set lifecycle = ?, last_update_time = ? where id = ?",
        to.label(),
        now,
        experiment.id());
    database.update(
        "update run set lifecycle = ?, deleted_time = ?::bigint where experiment_id = ?",
        to.label(),
        to == Lifecycle.DELETED ? now : null,
        experiment.id());
  }

  /**
   * Gives an active experiment another name.
   *
   * @throws RegistryException.AlreadyExists when it is taken
   */
  @Transactional
  public void rename(String id, String name) {
    TrackingRules.experimentName(name);
    Experiment experiment = row(TrackingRules.experimentId(id), Lifecycle.values());
    if (experiment.lifecycle() != Lifecycle.ACTIVE) {
      throw Refused.invalid("Cannot rename a non-active experiment.");
    }
    try {
      database.update(
          "update experiment set name = ?, last_update_time = ? where id = ?",
          name,
          clock.millis(),
          experiment.id());
    } catch (DatabaseException e) {
      if (e.isDuplicate()) {
        throw Refused.exists("Experiment(name=" + name + ") already exists.");
      }
      throw e;
    }
  }

  /** Sets a tag of an active experiment. */
  @Transactional
  public void setTag(String id, KeyValue tag) {
    TrackingRules.experimentTag(tag);
    long experiment = requireActive(id).id();
    if (TrackingRules.isCustomView(tag.key())) {
      requireRoomForView(experiment, tag.key());
    }
    writeTags(experiment, List.of(tag));
  }

  /** A view that is there already may be changed, however many there are. */
  private void requireRoomForView(long experiment, String key) {
    List<String> views = database
        .list(
            "select key from experiment_tag where experiment_id = ?",
            row -> row.text("key"),
            experiment)
        .stream()
        .filter(TrackingRules::isCustomView)
        .toList();
    if (!views.contains(key)) {
      TrackingRules.customViews(views.size() + 1L, String.valueOf(experiment));
    }
  }

  /** Deletes a tag of an active experiment. */
  @Transactional
  public void deleteTag(String id, String key) {
    Experiment experiment = requireActive(id);
    if (database.update(
            "delete from experiment_tag where experiment_id = ? and key = ?", experiment.id(), key)
        == 0) {
      throw Refused.notFound(
          "No tag with name: " + key + " in experiment with id " + experiment.id());
    }
  }

  /**
   * Active experiments and others, by filter.
   *
   * @param filter see {@code SearchGrammar.EXPERIMENTS}; may be null
   * @param orderBy empty for the newest first
   */
  public Page<Experiment> search(
      ViewType view, int maxResults, String filter, List<String> orderBy, String pageToken) {
    Page<Experiment> page = ExperimentSearch.of(view, maxResults, filter, orderBy, pageToken)
        .run(text -> text.list(database, Experiments::map));
    return new Page<>(withTags(page.items()), page.nextToken());
  }

  Experiment requireActive(String id) {
    Experiment experiment = row(TrackingRules.experimentId(id), Lifecycle.values());
    if (experiment.lifecycle() != Lifecycle.ACTIVE) {
      throw Refused.invalid(
          "The experiment " + experiment.id() + " must be in the 'active' state. Current state is "
              + experiment.lifecycle().label() + ".");
    }
    return experiment;
  }

  private Experiment row(long id, Lifecycle... stages) {
    Object[] labels = java.util.Arrays.stream(stages).map(Lifecycle::label).toArray();
    return database
        .first(COLUMNS + "where id = ? and lifecycle = any (?)", Experiments::map, id, labels)
        .orElseThrow(() -> Refused.notFound("No Experiment with id=" + id + " exists"));
  }

  private void writeTags(long id, List<KeyValue> tags) {
    if (tags.isEmpty()) {
      return;
    }
    KeyValues distinct = KeyValues.lastOfEach(tags);
    database.update(
        "insert into experiment_tag (experiment_id, key, value) select ?, * from unnest(?, ?)"
            + " on conflict (experiment_id, key) do update set value = excluded.value",
        id,
        distinct.keys(),
        distinct.values());
  }

  private List<Experiment> withTags(List<Experiment> experiments) {
    if (experiments.isEmpty()) {
      return experiments;
    }
    Map<Long, List<KeyValue>> tags = new HashMap<>();
    database.list(
        "select experiment_id, key, value from experiment_tag where experiment_id = any (?) order by key",
        row -> tags.computeIfAbsent(row.number("experiment_id"), id -> new ArrayList<>())
            .add(new KeyValue(row.text("key"), row.text("value"))),
        (Object) experiments.stream().map(Experiment::id).toArray());
    return experiments.stream()
        .map(e -> new Experiment(
            e.id(),
            e.name(),
            e.artifactLocation(),
            e.lifecycle(),
            e.creationTime(),
            e.lastUpdateTime(),
            tags.getOrDefault(e.id(), List.of())))
        .toList();
  }

  private static Experiment map(Row row) throws SQLException {
    return new Experiment(
        row.number("id"),
        row.text("name"),
        row.text("artifact_location"),
        Lifecycle.of(row.text("lifecycle")),
        row.number("creation_time"),
        row.number("last_update_time"),
        List.of());
  }
}
