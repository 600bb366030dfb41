package dev.slipway.registry.release;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the whole desired state in one snapshot of the database: six statements, however many models there are. */
@ApplicationScoped
class FeedBuilder {
  private static final int WHOLE = 10_000;

  private final Database database;
  private final FeedRevision revision;
  private final StoredJson json;

  FeedBuilder(Database database, FeedRevision revision, StoredJson json) {
    this.database = database;
    this.revision = revision;
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
      long settingsVersion) {}

  private record VersionRow(
      long id, long model, int number, String digest, Stage stage, boolean wasLive) {}

  private record AliasRow(long model, String alias, long version) {}

  private record TagRow(long model, String key, String value) {}

  /** The feed as it stands. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  Feed build() {
    database.update("set transaction isolation level repeatable read read only");
    FeedRevision.Position position = revision.current();
    List<ModelRow> models = models();
    List<Long> ids = models.stream().map(ModelRow::id).toList();
    List<AliasRow> aliases = aliases(ids);
    Map<Long, List<VersionRow>> versions = versions(models, aliases);
    Map<Long, Map<String, String>> tags = tags(ids);
    List<Feed.Model> built = new ArrayList<>();
    for (ModelRow model : models) {
      List<VersionRow> ofModel = versions.getOrDefault(model.id(), List.of());
      var entry = assemble(
          model,
          ofModel,
          aliases.stream().filter(alias -> alias.model() == model.id()).toList(),
          tags.getOrDefault(model.id(), Map.of()));
      if (!entry.versions().isEmpty()) {
        built.add(entry);
      }
    }
    return new Feed(position.epoch(), position.revision(), built);
  }

  private List<ModelRow> models() {
    return database.list(
        """
        select m.id, m.name, m.live_version_id, m.previous_version_id, r.to_version_id as preparing,
               r.step, r.strategy, s.number as settings_number, s.body as settings
          from registered_model m
          left join release r on r.model_id = m.id and r.state in ('preparing', 'stepping')
          left join lateral (select number, body from serving_settings
                              where model_id = m.id order by number desc limit 1) s on true
         where m.live_version_id is not null or r.id is not null
            or (coalesce((s.body ->> 'serve_staging')::boolean, false) and exists
                 (select 1 from model_version v where v.model_id = m.id and v.stage = 'Staging'))
            or exists (select 1 from model_alias a join model_version v on v.id = a.version_id
                        where a.model_id = m.id and v.first_live_at is not null)
         order by m.name
        """,
        row -> new ModelRow(
            row.number("id"),
            row.text("name"),
            row.number("live_version_id"),
            row.number("previous_version_id"),
            row.number("preparing"),
            row.integer("step"),
            strategy(row.text("strategy")),
            settings(row.text("settings")),
            Objects.requireNonNullElse(row.number("settings_number"), 0L)));
  }

  private ServingSettings settings(String body) {
    return body == null ? ServingSettings.defaults() : json.read(body, ServingSettings.class);
  }

  private ReleaseStrategy strategy(String body) {
    return body == null ? null : json.read(body, ReleaseStrategy.class);
  }

  private List<AliasRow> aliases(Collection<Long> models) {
    return database.list(
        "select model_id, alias, version_id from model_alias where model_id = any(?)",
        row -> new AliasRow(row.number("model_id"), row.text("alias"), row.number("version_id")),
        models);
  }

  private Map<Long, Map<String, String>> tags(Collection<Long> models) {
    var byModel = new HashMap<Long, Map<String, String>>();
    database
        .list(
            "select model_id, key, value from model_tag where model_id = any(?)",
            row -> new TagRow(row.number("model_id"), row.text("key"), row.text("value")),
            models)
        .forEach(tag -> byModel
            .computeIfAbsent(tag.model(), key -> new TreeMap<>())
            .put(tag.key(), tag.value()));
    return byModel;
  }

  private Map<Long, List<VersionRow>> versions(List<ModelRow> models, List<AliasRow> aliases) {
    List<Long> named = Stream.concat(
            models.stream()
                .flatMap(model -> Stream.of(model.live(), model.previous(), model.preparing()))
                .filter(Objects::nonNull),
            aliases.stream().map(AliasRow::version))
        .toList();
    List<Long> staging = models.stream()
        .filter(model -> model.settings().servesStaging())
        .map(ModelRow::id)
        .toList();
    var byModel = new HashMap<Long, List<VersionRow>>();
    database
        .list(
            """
            select id, model_id, number, digest, stage, first_live_at is not null as was_live
              from model_version
             where digest is not null
               and (id = any(?) or (stage = 'Staging' and servable <> 'no' and model_id = any(?)))
             order by number
            """,
            row -> new VersionRow(
                row.number("id"),
                row.number("model_id"),
                row.integer("number"),
                row.text("digest"),
                Stage.of(row.text("stage")),
                row.flag("was_live")),
            named,
            staging)
        .forEach(version ->
            byModel.computeIfAbsent(version.model(), key -> new ArrayList<>()).add(version));
    return byModel;
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
        versions.add(new Feed.Version(row.number(), new Digest(row.digest()), roles, row.stage()));
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
        model.settings(),
        model.settingsVersion(),
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
    if (Objects.equals(model.previous(), row.id()) && model.settings().keepsStandby()) {
      roles.add(Role.STANDBY);
    }
    if (Objects.equals(model.preparing(), row.id())) {
      roles.add(Role.PREPARE);
    }
    if (row.stage() == Stage.STAGING && model.settings().servesStaging()) {
      roles.add(Role.STAGED);
    }
    return roles;
  }
}
