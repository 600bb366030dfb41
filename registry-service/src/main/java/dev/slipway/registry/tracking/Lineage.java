package dev.slipway.registry.tracking;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What runs read and wrote: datasets and logged models. Logging the same thing again changes nothing. */
@ApplicationScoped
public class Lineage {
  private static final int MAX_NAME = 500;
  private static final int MAX_DIGEST = 36;
  private static final int MAX_SOURCE = 65_535;
  private static final int MAX_SCHEMA = 1_048_575;
  private static final int MAX_PROFILE = 16_777_215;
  private static final int MAX_TAG_KEY = 255;
  private static final int MAX_TAG_VALUE = 500;
  private static final int MOST_SUMMARIES = 1000;

  private final Database database;
  private final RunReader reader;

  Lineage(Database database, RunReader reader) {
    this.database = database;
    this.reader = reader;
  }

  /** The tags of a dataset that the run has already stay as they were. */
  @Transactional
  public void inputs(String runId, List<DatasetInput> datasets, List<String> modelIds) {
    TrackingRules.runId(runId);
    datasets.forEach(Lineage::check);
    RunRow run = reader.lockedRow(runId).requireActive();
    Map<List<String>, DatasetInput> distinct = new LinkedHashMap<>();
    datasets.forEach(input -> distinct.putIfAbsent(identity(input.dataset()), input));
    if (!distinct.isEmpty()) {
      writeDatasets(run, distinct);
    }
    writeModels(
        run, "input", modelIds.stream().map(id -> new ModelOutput(id, 0)).toList());
  }

  @Transactional
  public void outputs(String runId, List<ModelOutput> models) {
    writeModels(reader.lockedRow(runId).requireActive(), "output", models);
  }

  /** Datasets that runs of these experiments used; at most 1000. */
  public List<DatasetSummary> datasets(List<String> experimentIds) {
    return database.list(
        "select distinct d.experiment_id, d.name, d.digest, t.value as context from dataset d"
            + " join dataset_input i on i.dataset_id = d.id"
            + " left join dataset_input_tag t on t.input_id = i.id and t.key = ?"
            + " where d.experiment_id = any (?) order by 1, 2, 3, 4 limit ?",
        row -> new DatasetSummary(
            row.number("experiment_id"), row.text("name"), row.text("digest"), row.text("context")),
        DatasetInput.CONTEXT,
        experimentIds.stream().map(TrackingRules::listedExperimentId).toArray(Long[]::new),
        MOST_SUMMARIES);
  }

  private static List<String> identity(Dataset dataset) {
    return List.of(dataset.name(), dataset.digest());
  }

  private void writeDatasets(RunRow run, Map<List<String>, DatasetInput> inputs) {
    List<Dataset> datasets = inputs.values().stream().map(DatasetInput::dataset).toList();
    Object[] names = datasets.stream().map(Dataset::name).toArray();
    Object[] digests = datasets.stream().map(Dataset::digest).toArray();
    long experiment = run.info().experimentId();
    database.update(
        "insert into dataset (experiment_id, name, digest, source_type, source, schema, profile)"
            + " select ?, * from unnest(?, ?, ?, ?, ?, ?) on conflict do nothing",
        experiment,
        names,
        digests,
        datasets.stream().map(Dataset::sourceType).toArray(),
        datasets.stream().map(Dataset::source).toArray(),
        datasets.stream().map(Dataset::schema).toArray(),
        datasets.stream().map(Dataset::profile).toArray());
    Map<List<String>, Long> created = new LinkedHashMap<>();
    database.list(
        "with wanted as (select d.id, d.name, d.digest from unnest(?, ?) with ordinality as n (name, digest, position)"
            + " join dataset d on d.experiment_id = ? and d.name = n.name and d.digest = n.digest order by n.position),"
            + " added as (insert into dataset_input (run, dataset_id) select ?, id from wanted"
            + " on conflict do nothing returning id, dataset_id)"
            + " select added.id, wanted.name, wanted.digest from added join wanted on wanted.id = added.dataset_id",
        row -> created.put(List.of(row.text("name"), row.text("digest")), row.number("id")),
        names,
        digests,
        experiment,
        run.id());
    writeTags(inputs, created);
  }

  private void writeTags(Map<List<String>, DatasetInput> inputs, Map<List<String>, Long> created) {
    var ids = new ArrayList<Long>();
    var tags = new ArrayList<KeyValue>();
    created.forEach((identity, id) -> inputs.get(identity).tags().forEach(tag -> {
      ids.add(id);
      tags.add(tag);
    }));
    if (!tags.isEmpty()) {
      database.update(
          "insert into dataset_input_tag (input_id, key, value) select * from unnest(?, ?, ?) on conflict do nothing",
          ids.toArray(),
          tags.stream().map(KeyValue::key).toArray(),
          tags.stream().map(KeyValue::value).toArray());
    }
  }

  private void writeModels(RunRow run, String direction, List<ModelOutput> models) {
    if (!models.isEmpty()) {
      database.update(
          "insert into run_model (run, direction, model_id, step) select ?, ?, * from unnest(?, ?) on conflict do nothing",
          run.id(),
          direction,
          models.stream().map(ModelOutput::modelId).toArray(),
          models.stream().map(ModelOutput::step).toArray());
    }
  }

  private static void check(DatasetInput input) {
    Dataset dataset = input.dataset();
    TrackingRules.requireLength("name", MAX_NAME, dataset.name());
    TrackingRules.requireLength("digest", MAX_DIGEST, dataset.digest());
    TrackingRules.requireLength("source", MAX_SOURCE, dataset.source());
    if (dataset.schema() != null) {
      TrackingRules.requireLength("schema", MAX_SCHEMA, dataset.schema());
    }
    if (dataset.profile() != null) {
      TrackingRules.requireLength("profile", MAX_PROFILE, dataset.profile());
    }
    for (KeyValue tag : input.tags()) {
      TrackingRules.requireLength("key", MAX_TAG_KEY, tag.key());
      TrackingRules.requireLength("value", MAX_TAG_VALUE, tag.value());
    }
  }
}
