package dev.slipway.registry.release;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the whole desired state in one statement, and so of one moment, however many models there are: a switch waits for it. */
@ApplicationScoped
class FeedBuilder {
  private static final int WHOLE = 10_000;

  private static final String ALL = """
      with m as (
        select m.id, m.name, m.live_version_id as live, m.previous_version_id as previous,
               r.to_version_id as preparing, r.step, r.strategy, s.body as settings,
               coalesce(s.number, 0) as settings_number,
               coalesce((s.body ->> 'serve_staging')::boolean, false) as serves_staging
          from registered_model m
          left join release r on r.model_id = m.id and r.state in ('preparing', 'stepping')
          left join lateral (select number, body from serving_settings
                              where model_id = m.id order by number desc limit 1) s on true
         where m.live_version_id is not null or r.id is not null
            or (coalesce((s.body ->> 'serve_staging')::boolean, false) and exists
                 (select 1 from model_version v where v.model_id = m.id and v.stage = 'Staging'))
            or exists (select 1 from model_alias a join model_version v on v.id = a.version_id
                        where a.model_id = m.id and v.first_live_at is not null)),
      a as (
        select model_id as model, alias, version_id as version from model_alias
         where model_id in (select id from m)),
      named as (
        select live as id from m union all select previous from m union all select preparing from m
        union all select version from a),
      v as (
        select id, model_id as model, number, digest, stage, first_live_at is not null as was_live,
               servable = 'unknown' as untried
          from model_version
         where digest is not null
           and (id in (select id from named)
                or (stage = 'Staging' and servable <> 'no'
                    and model_id in (select id from m where serves_staging)))),
      t as (
        select model_id as model, key, value from model_tag where model_id in (select id from m))
      select f.epoch::text as epoch, f.revision,
             (select coalesce(jsonb_agg(to_jsonb(m) order by m.name), '[]') from m) as models,
             (select coalesce(jsonb_agg(to_jsonb(v) order by v.number), '[]') from v) as versions,
             (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from a) as aliases,
             (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from t) as tags
        from feed f
      """;

  private final Database database;
  private final StoredJson json;

  FeedBuilder(Database database, StoredJson json) {
    this.database = database;
    this.json = json;
  }

  private record ModelRow(
      long id,
      String name,
      Long live,
      Long previous,
      Long preparing,
      Integer step,
      ReleaseStrategy strategy,
      ServingSettings settings,
      long settingsNumber) {
    ServingSettings inForce() {
      return settings == null ? ServingSettings.defaults() : settings;
    }
  }

  private record VersionRow(
      long id,
      long model,
      int number,
      String digest,
      Stage stage,
      boolean wasLive,
      boolean untried) {}

  private record AliasRow(long model, String alias, long version) {}

  private record TagRow(long model, String key, String value) {}

  private record All(
      FeedRevision.Position position,
      List<ModelRow> models,
      List<VersionRow> versions,
      List<AliasRow> aliases,
      List<TagRow> tags) {}

  /** The feed as it stands. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  Feed build() {
    All all = database
        .first(ALL, this::all)
        .orElseThrow(() -> new IllegalStateException("the feed row is missing"));
    Map<Long, List<VersionRow>> versions =
        all.versions().stream().collect(Collectors.groupingBy(VersionRow::model));
    Map<Long, List<AliasRow>> aliases =
        all.aliases().stream().collect(Collectors.groupingBy(AliasRow::model));
    Map<Long, Map<String, String>> tags = all.tags().stream()
        .collect(
            Collectors.groupingBy(TagRow::model, Collectors.toMap(TagRow::key, TagRow::value)));
    List<Feed.Model> built = new ArrayList<>();
    for (ModelRow model : all.models()) {
      var entry = assemble(
          model,
          versions.getOrDefault(model.id(), List.of()),
          aliases.getOrDefault(model.id(), List.of()),
          tags.getOrDefault(model.id(), Map.of()));
      if (!entry.versions().isEmpty()) {
        built.add(entry);
      }
    }
    return new Feed(all.position().epoch(), all.position().revision(), built);
  }

  private All all(Row row) throws SQLException {
    return new All(
        new FeedRevision.Position(row.text("epoch"), row.number("revision")),
        json.readList(row.text("models"), ModelRow.class),
        json.readList(row.text("versions"), VersionRow.class),
        json.readList(row.text("aliases"), AliasRow.class),
        json.readList(row.text("tags"), TagRow.class));
  }

  private static Feed.Model assemble(
      ModelRow model, List<VersionRow> rows, List<AliasRow> aliases, Map<String, String> tags) {
    List<Feed.Version> versions = new ArrayList<>();
    var resolved = new TreeMap<String, Integer>();
    for (VersionRow row : rows) {
      Set<Role> roles = roles(model, row);
      boolean answers = !roles.isEmpty() && !roles.equals(Set.of(Role.PREPARE));
      if (answers || row.wasLive()) {
        for (AliasRow alias : aliases) {
          if (alias.version() == row.id()) {
            resolved.put(alias.alias(), row.number());
            roles.add(Role.ALIASED);
          }
        }
      }
      if (!roles.isEmpty()) {
        var digest = new Digest(row.digest());
        versions.add(new Feed.Version(row.number(), digest, roles, row.stage(), row.untried()));
      }
    }
    return divided(model, rows, versions, resolved, tags);
  }

  /** With the traffic as the release in progress, if there is one at a step, divides it. */
  private static Feed.Model divided(
      ModelRow model,
      List<VersionRow> rows,
      List<Feed.Version> versions,
      Map<String, Integer> aliases,
      Map<String, String> tags) {
    Integer live = number(rows, model.live());
    Integer released = number(rows, model.preparing());
    List<Feed.TrafficShare> traffic =
        live == null ? List.of() : List.of(new Feed.TrafficShare(live, WHOLE));
    Feed.Split split = null;
    if (model.step() != null && live != null && released != null) {
      ReleaseStrategy.Step step = model.strategy().stepsBeforeAll().get(model.step());
      traffic = Rollout.shares(live, released, step.weight());
      split = new Feed.Split(released, step.shadowWeight(), model.strategy().sticky());
    }
    return new Feed.Model(
        model.name(),
        versions,
        traffic,
        model.inForce(),
        model.settingsNumber(),
        aliases,
        tags,
        split);
  }

  private static Integer number(List<VersionRow> rows, Long id) {
    return rows.stream()
        .filter(row -> Objects.equals(row.id(), id))
        .map(VersionRow::number)
        .findFirst()
        .orElse(null);
  }

  private static Set<Role> roles(ModelRow model, VersionRow row) {
    var roles = EnumSet.noneOf(Role.class);
    if (Objects.equals(model.live(), row.id())) {
      roles.add(Role.LIVE);
    }
    if (Objects.equals(model.previous(), row.id()) && model.inForce().keepsStandby()) {
      roles.add(Role.STANDBY);
    }
    if (Objects.equals(model.preparing(), row.id())) {
      roles.add(Role.PREPARE);
    }
    if (row.stage() == Stage.STAGING && model.inForce().servesStaging()) {
      roles.add(Role.STAGED);
    }
    return roles;
  }
}
