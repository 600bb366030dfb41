package dev.slipway.registry.release;

import dev.slipway.common.report.ReplicaReport;
import dev.slipway.common.report.ReplicaReport.CallerCount;
import dev.slipway.common.report.ReplicaReport.Loaded;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.model.LivePointers;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Who still calls what: requests by version and caller, added up over the replicas' reports. */
@ApplicationScoped
public class VersionCallers {
  /** Who called within this time is warned of. */
  static final Duration LATELY = Duration.ofDays(7);

  private static final Duration REMEMBERED = Duration.ofDays(90);
  private static final int SHOWN = 5;

  private final Database database;
  private final LivePointers pointers;
  private final Clock clock;
  /** What this process has last written of a replica: unchanged counts are not written again. */
  private final Map<String, Map<Key, CallerCount>> written = new ConcurrentHashMap<>();

  VersionCallers(Database database, LivePointers pointers, Clock clock) {
    this.database = database;
    this.pointers = pointers;
    this.clock = clock;
  }

  /**
   * One caller of one version.
   *
   * @param caller as it called itself, or "(unnamed)", or "(others)"
   * @param named of the requests, those that named the version, an alias or a stage: they do not follow a switch
   * @param lastAt when the last was reported
   */
  public record Usage(int version, String caller, long requests, long named, Instant lastAt) {}

  private record Key(String model, int version, String caller) {}

  /** Takes what a report says, in its order among those of its replica. */
  void heard(ReplicaReport report, Instant now) {
    Map<Key, CallerCount> before = written.getOrDefault(report.replica(), Map.of());
    Map<Key, CallerCount> counts = new ConcurrentHashMap<>();
    for (Loaded loaded : report.loaded()) {
      if (loaded.stats() != null) {
        loaded.stats().callers().forEach((caller, count) -> {
          Key key = new Key(loaded.model(), loaded.version(), caller);
          counts.merge(key, count, CallerCount::plus);
        });
      }
    }
    if (report.part() != null) {
      before.forEach(counts::putIfAbsent);
    }
    counts.forEach((key, count) -> {
      if (!count.equals(before.get(key))) {
        add(report, key, count, now);
      }
    });
    written.put(report.replica(), counts);
  }

  private void add(ReplicaReport report, Key key, CallerCount count, Instant now) {
    database.update(
        """
        insert into version_caller as c
               (model_id, version, caller, replica, started_at, requests, named, seen, seen_named, last_at)
        select m.id, ?, ?, ?, ?, ?, ?, ?, ?, ? from registered_model m
         where m.name = ? and set_config('synchronous_commit', 'off', true) = 'off'
        on conflict (model_id, version, caller, replica) do update
           set requests = c.requests + excluded.seen - case when c.started_at = excluded.started_at
                     and c.seen <= excluded.seen then c.seen else 0 end,
               named = c.named + excluded.seen_named - case when c.started_at = excluded.started_at
                     and c.seen <= excluded.seen then c.seen_named else 0 end,
               started_at = excluded.started_at, seen = excluded.seen, seen_named = excluded.seen_named,
               last_at = case when c.started_at = excluded.started_at and c.seen = excluded.seen
                     then c.last_at else excluded.last_at end
        """,
        key.version(),
        key.caller(),
        report.replica(),
        report.startedAt(),
        count.requests(),
        count.named(),
        count.requests(),
        count.named(),
        now,
        key.model());
  }

  /** Newest version first, then who calls most. @throws dev.slipway.registry.problem.RegistryException.NotFound when there is no such model */
  @Transactional
  public List<Usage> of(String model) {
    return usage(model, Instant.EPOCH);
  }

  private List<Usage> usage(String model, Instant since) {
    return database.list(
        """
        select version, caller, sum(requests)::bigint as requests, sum(named)::bigint as named, max(last_at) as last_at
          from version_caller where model_id = ? group by version, caller having max(last_at) >= ?
         order by version desc, requests desc, caller limit 1000
        """,
        row -> new Usage(
            row.integer("version"),
            row.text("caller"),
            row.number("requests"),
            row.number("named"),
            row.time("last_at")),
        pointers.find(model).id(),
        since);
  }

  /**
   * What to tell somebody who takes a version away: who called it lately.
   *
   * @return at most one line
   */
  @Transactional
  public List<String> warnings(String model, int version) {
    List<Usage> lately = usage(model, clock.instant().minus(LATELY)).stream()
        .filter(usage -> usage.version() == version)
        .toList();
    if (lately.isEmpty()) {
      return List.of();
    }
    long requests = lately.stream().mapToLong(Usage::requests).sum();
    String who = lately.stream()
        .limit(SHOWN)
        .map(usage ->
            usage.caller() + " (" + usage.requests() + ", the last at " + usage.lastAt() + ")")
        .collect(Collectors.joining(", "));
    String more = lately.size() > SHOWN ? " and " + (lately.size() - SHOWN) + " more" : "";
    return List.of("version " + version + " of '" + model + "' was called in the last "
        + LATELY.toDays() + " days, " + requests + " times in all, by " + who + more);
  }

  @Scheduled(every = "1h", delayed = "7m")
  @Transactional
  void forget() {
    database.update(
        "delete from version_caller where last_at < ?", clock.instant().minus(REMEMBERED));
    if (written.size() > 1_000) {
      written.clear();
    }
  }
}
