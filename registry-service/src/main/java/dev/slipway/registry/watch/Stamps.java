package dev.slipway.registry.watch;

import dev.slipway.registry.db.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A short text for each topic, another one after each change. It is made of xmin, which Postgres sets anew whenever it writes a row:
 * so no writer has to remember to tell, and it does not matter which process wrote.
 */
@ApplicationScoped
class Stamps {
  private static final Duration CONNECTED = Duration.ofSeconds(10);

  private static final String MODELS = """
      select m.name as topic, md5(concat_ws('/', m.xmin::text,
        (select string_agg(v.xmin::text, '.' order by v.id) from model_version v where v.model_id = m.id),
        (select string_agg(r.xmin::text, '.' order by r.id) from transition_request r
          where r.model_id = m.id and r.state in ('open', 'approved')),
        (select string_agg(a.xmin::text, '.' order by a.id) from approval a join transition_request r on r.id = a.request_id
          where r.model_id = m.id and r.state = 'open'),
        (select max(p.id) from policy p),
        (select string_agg(a.xmin::text, '.' order by a.alias) from model_alias a where a.model_id = m.id),
        (select string_agg(t.xmin::text, '.' order by t.key) from model_tag t where t.model_id = m.id),
        (select string_agg(c.xmin::text, '.' order by v.id) from version_copy c join model_version v on v.id = c.version_id
          where v.model_id = m.id and c.state = 'running'),
        (select concat(s.id, ':', s.xmin::text) from release s where s.model_id = m.id order by s.id desc limit 1)
      )) as stamp
        from registered_model m where m.name = any(?)
      """;

  private static final String REQUESTS = """
      select r.id::text as topic, md5(concat_ws('/', r.xmin::text, m.xmin::text,
        (select string_agg(v.xmin::text, '.' order by v.id) from model_version v where v.id in (r.version_id, m.live_version_id)),
        (select string_agg(a.xmin::text, '.' order by a.id) from approval a where a.request_id = r.id),
        (select string_agg(c.xmin::text, '.' order by c.id) from request_comment c where c.request_id = r.id),
        (select string_agg(k.xmin::text, '.' order by k.name) from request_check k where k.request_id = r.id),
        (select string_agg(j.xmin::text, '.' order by j.id) from job j
          where j.version_id = r.version_id and j.state in ('queued', 'claimed')),
        (select max(p.id) from policy p),
        (select concat(s.id, ':', s.xmin::text) from release s where s.model_id = m.id order by s.id desc limit 1)
      )) as stamp
        from transition_request r join registered_model m on m.id = r.model_id where r.id = any(?)
      """;

  private static final String GATEWAYS = """
      select 'gateways' as topic, md5(concat_ws('/', (select epoch::text || revision from feed),
        (select string_agg(concat_ws(':', name, url, epoch, revision, heard_at > ?, selector::text,
            (select string_agg(concat_ws(',', l ->> 'model', l ->> 'version', l ->> 'state', l ->> 'error'), ';'
                      order by l ->> 'model', l ->> 'version')
               from jsonb_array_elements(report -> 'loaded') l)), '|' order by name)
           from replica where heard_at > ?))) as stamp
      """;

  private static final String QUEUE = """
      select 'requests' as topic, md5(concat_ws('/', (select max(id) from transition_request), (select max(id) from policy),
        (select string_agg(r.xmin::text, '.' order by r.id) from transition_request r where r.state in ('open', 'approved')),
        (select string_agg(a.xmin::text, '.' order by a.id) from approval a join transition_request r on r.id = a.request_id
          where r.state = 'open'))) as stamp
      """;

  private final Database database;
  private final Clock clock;

  Stamps(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  private record Stamp(String topic, String stamp) {}

  /** One statement for each kind of topic, however many there are. What is not there has no stamp. */
  Map<Topic, String> of(Collection<Topic> topics) {
    Map<Topic, String> stamps = new HashMap<>();
    List<String> models = each(topics, Topic.OfModel.class, Topic.OfModel::name);
    List<Long> requests = each(topics, Topic.OfRequest.class, Topic.OfRequest::id);
    if (!models.isEmpty()) {
      read(MODELS, models).forEach(it -> stamps.put(new Topic.OfModel(it.topic()), it.stamp()));
    }
    if (!requests.isEmpty()) {
      read(REQUESTS, requests)
          .forEach(it -> stamps.put(new Topic.OfRequest(Long.parseLong(it.topic())), it.stamp()));
    }
    if (topics.contains(new Topic.OfGateways())) {
      var now = clock.instant();
      read(GATEWAYS, now.minus(CONNECTED), now.minus(Duration.ofDays(1)))
          .forEach(it -> stamps.put(new Topic.OfGateways(), it.stamp()));
    }
    if (topics.contains(new Topic.OfQueue())) {
      read(QUEUE).forEach(it -> stamps.put(new Topic.OfQueue(), it.stamp()));
    }
    return stamps;
  }

  private static <T extends Topic, K> List<K> each(
      Collection<Topic> topics, Class<T> kind, Function<T, K> key) {
    return topics.stream().filter(kind::isInstance).map(kind::cast).map(key).toList();
  }

  private List<Stamp> read(String sql, Object... arguments) {
    return database.list(sql, row -> new Stamp(row.text("topic"), row.text("stamp")), arguments);
  }
}
