package dev.slipway.registry.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.json.WireJson;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;

/** The rows. Origin and MLmodel are written at different moments of one transaction, in either order. */
@ApplicationScoped
class LineageStore {
  private static final ObjectMapper JSON = WireJson.mapper();

  private final Database database;
  private final Clock clock;

  LineageStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  void record(
      long version, String runId, String modelId, String storageLocation, Lineage.Origin origin) {
    database.update("""
        insert into version_lineage (version_id, run_id, logged_model_id, storage_location, origin, recorded_at)
        values (?, ?, ?, ?, ?::jsonb, ?)
        on conflict (version_id) do update
           set run_id = excluded.run_id, logged_model_id = excluded.logged_model_id,
               storage_location = excluded.storage_location, origin = excluded.origin
        """, version, runId, modelId, storageLocation, write(origin), clock.instant());
  }

  void recordMlModel(long version, MlModel model) {
    database.update("""
        insert into version_lineage (version_id, mlmodel, recorded_at) values (?, ?::jsonb, ?)
        on conflict (version_id) do update set mlmodel = excluded.mlmodel
        """, version, write(model), clock.instant());
  }

  void recordStorage(long version, String storageLocation) {
    database.update("""
        insert into version_lineage (version_id, storage_location, recorded_at) values (?, ?, ?)
        on conflict (version_id) do update set storage_location = excluded.storage_location
        """, version, storageLocation, clock.instant());
  }

  Optional<Lineage> find(long version) {
    return database.first(
        "select * from version_lineage where version_id = ?", LineageStore::lineage, version);
  }

  private static Lineage lineage(Row row) throws SQLException {
    return new Lineage(
        row.text("run_id"),
        row.text("logged_model_id"),
        row.text("storage_location"),
        read(row.text("origin"), Lineage.Origin.class),
        read(row.text("mlmodel"), MlModel.class),
        row.time("recorded_at"));
  }

  private static String write(Object value) {
    try {
      return value == null ? null : JSON.writeValueAsString(value);
    } catch (JsonProcessingException cause) {
      throw new IllegalArgumentException("lineage is what JSON can hold", cause);
    }
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return json == null ? null : JSON.readValue(json, type);
    } catch (JsonProcessingException cause) {
      throw new IllegalStateException("the database gave back broken JSON", cause);
    }
  }
}
