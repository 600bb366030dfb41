package dev.slipway.registry.release;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the live versions of models do on the connected replicas: two statements, however many models. */
@ApplicationScoped
public class Standings {
  private final Database database;
  private final Clock clock;

  Standings(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A model's live version.
   *
   * @param since when it became live
   * @param newer versions that were registered after it
   * @param ready replicas that answer with it
   * @param coming replicas that load it
   * @param failed replicas that could not load it
   */
  public record Standing(Instant since, int newer, int ready, int coming, int failed) {}

  private record Live(String model, Instant since, int newer) {}

  private record Loaded(String model, int ready, int coming, int failed) {}

  /** By model; one without a live version is left out. */
  @Transactional
  public Map<String, Standing> of(Collection<String> models) {
    if (models.isEmpty()) {
      return Map.of();
    }
    Map<String, Loaded> loaded = new LinkedHashMap<>();
    database
        .list(
            """
            select m.name, count(*) filter (where upper(l ->> 'state') = 'READY') as ready,
                   count(*) filter (where upper(l ->> 'state') in ('LOADING', 'WARMING')) as coming,
                   count(*) filter (where upper(l ->> 'state') = 'FAILED') as failed
              from replica r, jsonb_array_elements(r.report -> 'loaded') l, registered_model m
              join model_version v on v.id = m.live_version_id
             where r.heard_at > ? and m.name = l ->> 'model' and v.number = (l ->> 'version')::int and m.name = any(?)
             group by m.name
            """,
            row -> new Loaded(
                row.text("name"),
                row.integer("ready"),
                row.integer("coming"),
                row.integer("failed")),
            clock.instant().minus(Readiness.CONNECTED),
            models)
        .forEach(it -> loaded.put(it.model(), it));
    Map<String, Standing> standings = new LinkedHashMap<>();
    database
        .list(
            """
            select m.name, (select max(x.switched_at) from release x
                             where x.model_id = m.id and x.to_version_id = v.id and x.state = 'live') as since,
                   (select count(*) from model_version n where n.model_id = m.id and n.number > v.number) as newer
              from registered_model m join model_version v on v.id = m.live_version_id where m.name = any(?)
            """, row -> new Live(row.text("name"), row.time("since"), row.integer("newer")), models)
        .forEach(live -> {
          Loaded it = loaded.getOrDefault(live.model(), new Loaded(live.model(), 0, 0, 0));
          standings.put(
              live.model(),
              new Standing(live.since(), live.newer(), it.ready(), it.coming(), it.failed()));
        });
    return standings;
  }
}
