package dev.slipway.registry.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.json.WireJson;
import dev.slipway.common.stage.Stage;
import dev.slipway.common.tensor.ModelSignature;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.model.VersionView.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads models and versions whole, with tags and aliases, by one statement however many they are. It sees what is committed, and
 * what the current transaction has flushed.
 */
@ApplicationScoped
class RegistryRows {
  private static final String MODELS = """
      select m.id, m.name, m.description, m.created_by, m.created_at, m.updated_at, m.row_version,
             (select json_object_agg(t.key, t.value) from model_tag t where t.model_id = m.id) as tags,
             (select json_object_agg(a.alias, v.number) from model_alias a join model_version v on v.id = a.version_id
               where a.model_id = m.id) as aliases,
             (select v.number from model_version v where v.id = m.live_version_id) as live,
             (select v.number from model_version v where v.id = m.previous_version_id) as previous,
             (select max(v.number) from model_version v where v.model_id = m.id) as latest
        from registered_model m
      """;
  private static final String VERSIONS = """
      select v.id, v.model_id, m.name as model, v.number, v.stage, v.status, v.status_message, v.servable, v.servable_reason,
             v.id = m.live_version_id as live, v.digest, v.total_size, v.format, v.signature, v.inspection, v.description,
             v.source, v.run_id, v.run_link, v.created_by, v.created_at, v.updated_at, v.first_live_at is not null as was_live,
             v.row_version,
             (select json_object_agg(t.key, t.value) from version_tag t where t.version_id = v.id) as tags,
             (select json_agg(a.alias order by a.alias collate "C") from model_alias a
               where a.model_id = v.model_id and a.version_id = v.id) as aliases
      """;
  private static final ObjectReader TEXTS =
      WireJson.mapper().readerFor(new TypeReference<TreeMap<String, String>>() {});
  private static final ObjectReader NUMBERS =
      WireJson.mapper().readerFor(new TypeReference<TreeMap<String, Integer>>() {});
  private static final ObjectReader LIST =
      WireJson.mapper().readerFor(new TypeReference<List<String>>() {});
  private static final ObjectReader SIGNATURE = WireJson.mapper().readerFor(ModelSignature.class);
  private static final ObjectReader TREE = WireJson.mapper().readerFor(JsonNode.class);

  private final Database database;

  RegistryRows(Database database) {
    this.database = database;
  }

  /** @param where on {@code m} */
  List<ModelView> models(String where, Object... arguments) {
    return database.list(MODELS + where, RegistryRows::model, arguments);
  }

  /** @param from names {@code v} and its model {@code m} */
  List<VersionView> versions(String from, Object... arguments) {
    return database.list(VERSIONS + from, RegistryRows::version, arguments);
  }

  private static ModelView model(Row row) throws SQLException {
    return new ModelView(
        row.number("id"),
        row.text("name"),
        row.text("description"),
        read(row, "tags", TEXTS, Map.of()),
        read(row, "aliases", NUMBERS, Map.of()),
        row.text("created_by"),
        row.time("created_at"),
        row.time("updated_at"),
        row.integer("live"),
        row.integer("previous"),
        row.integer("latest"),
        row.number("row_version"));
  }

  private static VersionView version(Row row) throws SQLException {
    String digest = row.text("digest");
    String servable = row.text("servable").toUpperCase(Locale.ROOT);
    return new VersionView(
        row.number("id"),
        row.number("model_id"),
        row.text("model"),
        row.integer("number"),
        Stage.of(row.text("stage")),
        Status.valueOf(row.text("status")),
        row.text("status_message"),
        new Servable(Servable.State.valueOf(servable), row.text("servable_reason")),
        row.flag("live"),
        digest == null ? null : new Digest(digest),
        row.number("total_size"),
        row.text("format"),
        read(row, "signature", SIGNATURE, null),
        read(row, "inspection", TREE, null),
        row.text("description"),
        read(row, "tags", TEXTS, Map.of()),
        read(row, "aliases", LIST, List.of()),
        row.text("source"),
        row.text("run_id"),
        row.text("run_link"),
        row.text("created_by"),
        row.time("created_at"),
        row.time("updated_at"),
        row.flag("was_live"),
        row.number("row_version"));
  }

  private static <T> T read(Row row, String column, ObjectReader reader, T none)
      throws SQLException {
    String json = row.text(column);
    try {
      return json == null ? none : reader.readValue(json);
    } catch (JsonProcessingException cause) {
      throw new IllegalStateException("the database gave back broken JSON", cause);
    }
  }
}
