package dev.slipway.registry.release;

import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.model.LivePointers.Model;
import dev.slipway.registry.model.LivePointers.Version;
import dev.slipway.registry.release.ReleaseSequence.Step;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads in one statement all that a switch depends on: on a busy machine each statement is a wait for two processors' turns. */
@ApplicationScoped
class Situations {
  private static final String ALL = """
      select exists (select 1 from release
                      where model_id = m.id and state in ('preparing', 'stepping')) as in_flight,
             coalesce((select body ->> 'mode' <> 'open' from policy
                        where id = policy_in_force(m.id, m.name)), true) as reviewed,
             exists (select 1 from transition_request where model_id = m.id and state = 'open') as asked,
             (select coalesce(json_agg(json_build_object('kind', kind, 'from', from_number, 'to', to_number,
                       'gone', to_number is not null and to_version_id is null) order by id), '[]')
                from release where model_id = m.id and state = 'live') as switches,
             (select coalesce(json_agg(row_to_json(v)), '[]')
                from (select id, model_id, number, stage, status = 'READY' as ready, servable, servable_reason, digest,
                             first_live_at is not null as was_live
                        from model_version
                       where model_id = m.id
                         and (id in (m.live_version_id, m.previous_version_id) or id = any(?) or number = any(?))) v
             ) as versions,
             (select coalesce(json_agg(row_to_json(t)), '[]')
                from (select key, value from model_tag where model_id = m.id) t) as tags,
             (select coalesce(json_agg(json_build_object('at', heard_at, 'report', json_build_object(
                       'replica', name, 'url', url, 'started_at', started_at, 'at', heard_at, 'epoch', epoch,
                       'revision', revision, 'selector', selector, 'loaded',
                       (select coalesce(jsonb_agg(l), '[]') from jsonb_array_elements(report -> 'loaded') l
                         where l ->> 'model' = m.name))) order by name), '[]')
                from replica where heard_at > ?) as heard
        from registered_model m where m.id = ?
      """;

  private final Database database;
  private final StoredJson json;
  private final Clock clock;

  Situations(Database database, StoredJson json, Clock clock) {
    this.database = database;
    this.json = json;
    this.clock = clock;
  }

  private record Switched(String kind, Long from, Long to, boolean gone) {
    Step step() {
      return new Step(ReleaseKind.of(kind), from, to);
    }
  }

  private record Tag(String key, String value) {}

  /** With the live and the previous version only. */
  Situation of(Model model) {
    return of(model, List.of(), List.of());
  }

  /**
   * @param model as it was locked
   * @param ids of versions that are wanted beside the live and the previous one
   * @param numbers of such versions
   */
  Situation of(Model model, Collection<Long> ids, Collection<Long> numbers) {
    return database
        .first(
            ALL,
            row -> new Situation(model, facts(row)),
            ids,
            numbers,
            clock.instant().minus(ReplicaStore.REMEMBERED),
            model.id())
        .orElseThrow(() -> new IllegalStateException("the locked model is missing"));
  }

  private Situation.Facts facts(Row row) throws SQLException {
    return new Situation.Facts(
        row.flag("in_flight"),
        row.flag("reviewed"),
        row.flag("asked"),
        sequence(json.readList(row.text("switches"), Switched.class)),
        json.readList(row.text("versions"), Version.class).stream()
            .collect(Collectors.toMap(Version::id, Function.identity())),
        json.readList(row.text("tags"), Tag.class).stream()
            .collect(Collectors.toMap(Tag::key, Tag::value)),
        json.readList(row.text("heard"), Readiness.Heard.class));
  }

  private static ReleaseSequence sequence(List<Switched> switches) {
    return new ReleaseSequence(
        switches.stream().map(Switched::step).toList(),
        switches.stream().filter(Switched::gone).map(Switched::to).collect(Collectors.toSet()));
  }
}
