package dev.slipway.registry.tracking;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.problem.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run logs. Each call is one transaction: all of a batch is kept, or nothing. A point or a parameter that is already there
 * is no error; a parameter with another value is.
 */
@ApplicationScoped
public class RunLog {
  static final String UPSERT_TAGS =
      "insert into run_tag (run, key, value) select ?, * from unnest(?, ?)"
          + " on conflict (run, key) do update set value = excluded.value";
  private static final String LOGGED_MODELS_TAG = "mlflow.log-model.history";

  private final Database database;
  private final RunReader reader;
  private final MetricWriter metrics;
  private final ObjectMapper json;

  RunLog(Database database, RunReader reader, MetricWriter metrics, ObjectMapper json) {
    this.database = database;
    this.reader = reader;
    this.metrics = metrics;
    this.json = json;
  }

  @Transactional
  public void metric(String runId, Metric metric) {
    TrackingRules.metric(metric, "");
    metrics.write(reader.lockedRow(runId).requireActive(), List.of(metric));
  }

  @Transactional
  public void param(String runId, KeyValue param) {
    KeyValue kept = TrackingRules.param(param, "");
    RunRow run = reader.lockedRow(runId).requireActive();
    Map<String, String> others = writeParams(run.id(), List.of(kept));
    others.forEach((key, old) -> {
      throw Refused.invalid("Changing param values is not allowed. Param with key='" + key
          + "' was already logged with value='" + old + "' for run ID='" + runId
          + "'. Attempted logging new value '" + kept.value() + "'.");
    });
  }

  /** At most 1000 metrics, 100 parameters, 100 tags, 1000 in all. */
  @Transactional
  public void batch(String runId, List<Metric> points, List<KeyValue> params, List<KeyValue> tags) {
    TrackingRules.runId(runId);
    for (int i = 0; i < points.size(); i++) {
      TrackingRules.metric(points.get(i), "metrics[" + i + ']');
    }
    List<KeyValue> keptParams = new ArrayList<>();
    for (int i = 0; i < params.size(); i++) {
      keptParams.add(TrackingRules.param(params.get(i), "params[" + i + ']'));
    }
    List<KeyValue> keptTags = new ArrayList<>();
    for (int i = 0; i < tags.size(); i++) {
      keptTags.add(TrackingRules.tag(tags.get(i), "tags[" + i + ']'));
    }
    TrackingRules.batchSizes(points.size(), params.size(), tags.size());
    TrackingRules.distinctKeys(keptParams);
    RunRow run = reader.lockedRow(runId).requireActive();
    Map<String, String> others = writeParams(run.id(), keptParams);
    if (!others.isEmpty()) {
      throw changedParams(runId, keptParams, others);
    }
    metrics.write(run, points);
    writeTags(run.id(), keptTags);
  }

  @Transactional
  public void tag(String runId, KeyValue tag) {
    KeyValue kept = TrackingRules.tag(tag, "");
    writeTags(reader.lockedRow(runId).requireActive().id(), List.of(kept));
  }

  @Transactional
  public void deleteTag(String runId, String key) {
    RunRow run = reader.lockedRow(runId).requireActive();
    if (database.update("delete from run_tag where run = ? and key = ?", run.id(), key) == 0) {
      throw Refused.notFound("No tag with name: " + key + " in run with id " + runId);
    }
  }

  /**
   * Appends a model's description to the run's list of logged models, as MLflow 1 and 2 did.
   *
   * @param description the {@code MLmodel} file as JSON
   */
  @Transactional
  public void model(String runId, ObjectNode description) {
    RunRow run = reader.lockedRow(runId).requireActive();
    ArrayNode history = database
        .first(
            "select value from run_tag where run = ? and key = ? for update",
            row -> row.text("value"),
            run.id(),
            LOGGED_MODELS_TAG)
        .map(this::parseHistory)
        .orElseGet(json::createArrayNode);
    history.add(summary(description));
    writeTags(run.id(), List.of(new KeyValue(LOGGED_MODELS_TAG, history.toString())));
  }

  private ArrayNode parseHistory(String value) {
    try {
      return json.readTree(value) instanceof ArrayNode array ? array : json.createArrayNode();
    } catch (com.fasterxml.jackson.core.JsonProcessingException notOurs) {
      return json.createArrayNode();
    }
  }

  /** What the history keeps of a description: what it is and where, not how it is configured. */
  private ObjectNode summary(ObjectNode description) {
    ObjectNode summary = json.createObjectNode();
    for (String key : List.of("run_id", "artifact_path", "utc_time_created", "model_uuid")) {
      if (description.has(key)) {
        summary.set(key, description.get(key));
      }
    }
    ObjectNode flavors = summary.putObject("flavors");
    description
        .path("flavors")
        .properties()
        .forEach(flavor -> flavors.set(
            flavor.getKey(),
            flavor.getValue() instanceof ObjectNode config
                ? config.deepCopy().without("config")
                : flavor.getValue()));
    return summary;
  }

  /** Writes what is new and answers what is there with another value. */
  private Map<String, String> writeParams(long run, List<KeyValue> params) {
    if (params.isEmpty()) {
      return Map.of();
    }
    KeyValues pairs = KeyValues.lastOfEach(params);
    int written = database.update(
        "insert into run_param (run, key, value) select ?, * from unnest(?, ?) on conflict do nothing",
        run,
        pairs.keys(),
        pairs.values());
    if (written == params.size()) {
      return Map.of();
    }
    return database
        .list(
            "select p.key, p.value from run_param p join unnest(?, ?) as n (key, value) on n.key = p.key"
                + " where p.run = ? and p.value <> n.value order by p.key",
            row -> new KeyValue(row.text("key"), row.text("value")),
            pairs.keys(),
            pairs.values(),
            run)
        .stream()
        .collect(Collectors.toMap(KeyValue::key, KeyValue::value));
  }

  private static RegistryException changedParams(
      String runId, List<KeyValue> params, Map<String, String> old) {
    String changes = params.stream()
        .filter(param -> old.containsKey(param.key()))
        .map(param -> "{'key': '" + param.key() + "', 'old_value': '" + old.get(param.key())
            + "', 'new_value': '" + param.value() + "'}")
        .collect(Collectors.joining(", ", "[", "]"));
    return Refused.invalid("Changing param values is not allowed. Params were already logged='"
        + changes + "' for run ID='" + runId + "'.");
  }

  private void writeTags(long run, List<KeyValue> tags) {
    // A run is never without its name: an empty one leaves it as it is.
    List<KeyValue> written = tags.stream()
        .filter(tag -> !tag.key().equals(Runs.NAME_TAG) || !tag.value().isEmpty())
        .toList();
    if (written.isEmpty()) {
      return;
    }
    KeyValues distinct = KeyValues.lastOfEach(written);
    database.update(UPSERT_TAGS, run, distinct.keys(), distinct.values());
    int name = distinct.keys().indexOf(Runs.NAME_TAG);
    if (name >= 0) {
      database.update("update run set name = ? where id = ?", distinct.values().get(name), run);
    }
  }
}
