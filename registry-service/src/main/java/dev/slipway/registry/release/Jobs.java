package dev.slipway.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobClaim;
import dev.slipway.common.job.JobResult;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Notifications;
import dev.slipway.registry.db.Row;
import dev.slipway.registry.db.Signal;
import dev.slipway.registry.model.Servability;
import dev.slipway.registry.model.VersionReady;
import dev.slipway.registry.model.VersionView.Servable;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Invalid;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Work that serving processes claim, under a lease, and answer. Who lets a lease run out loses the job to the next; after
 * {@link #MAX_ATTEMPTS} it is given up.
 */
@ApplicationScoped
public class Jobs {
  static final Duration LEASE = Duration.ofMinutes(2);
  static final int MAX_ATTEMPTS = 3;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Database database;
  private final Servability servability;
  private final AfterCommit afterCommit;
  private final ObjectMapper json;
  private final Event<JobEnded> ended;
  private final Clock clock;
  private final Signal queued = new Signal();

  Jobs(
      Database database,
      Servability servability,
      Notifications notifications,
      AfterCommit afterCommit,
      ObjectMapper json,
      Event<JobEnded> ended,
      Clock clock) {
    this.database = database;
    this.servability = servability;
    this.afterCommit = afterCommit;
    this.json = json;
    this.ended = ended;
    this.clock = clock;
    notifications.listen(Notifications.Channel.SLIPWAY_JOB, queued::raise);
  }

  void inspect(@Observes VersionReady ready) {
    queue(Job.INSPECT, ready.versionId(), null, Map.of());
  }

  /**
   * What came of a job for a request's check.
   *
   * @param answer null while it is waiting or running, and when it was given up without one
   */
  public record Asked(boolean over, JobResult answer) {}

  /** The job of that kind and those parameters that was asked for last; it is asked for now when there is none. */
  public Asked ask(long request, long version, String kind, Map<String, String> parameters) {
    Optional<Asked> asked = database.first(
        """
        select state, result from job
         where request_id = ? and kind = ? and parameters = ?::jsonb and not superseded
         order by id desc limit 1
        """,
        row -> new Asked(
            row.text("state").equals("done") || row.text("state").equals("failed"),
            result(row.text("result"))),
        request,
        kind,
        write(parameters));
    if (asked.isEmpty()) {
      queue(kind, version, request, parameters);
    }
    return asked.orElseGet(() -> new Asked(false, null));
  }

  /** What the request's jobs found does not count any more: {@link #ask} asks anew. Those under way are left to end. */
  public void forget(long request) {
    database.update(
        "update job set superseded = true where request_id = ? and state in ('done', 'failed')",
        request);
  }

  /** Inspects a version anew. Until the answer is there nobody knows whether it can be served. */
  public void inspectAgain(long version) {
    servability.unknown(version, null);
    queue(Job.INSPECT, version, null, Map.of());
  }

  private void queue(String kind, long version, Long request, Map<String, String> parameters) {
    database.first(
        """
        with queued as (
          insert into job (kind, version_id, request_id, parameters, state, created_at)
          values (?, ?, ?, ?::jsonb, 'queued', ?) returning id)
        select id, pg_notify(?, id::text)::text as told from queued
        """,
        row -> row.number("id"),
        kind,
        version,
        request,
        write(parameters),
        clock.instant(),
        Notifications.Channel.SLIPWAY_JOB.sqlName());
    afterCommit.run(queued::raise);
  }

  /** Waits at most {@code timeout} for a job of one of the kinds, oldest first. */
  public Optional<Job> claim(JobClaim claim, Duration timeout) throws InterruptedException {
    if (claim.replica() == null || claim.replica().isBlank() || claim.kinds().isEmpty()) {
      throw new Invalid("a claim names its replica and at least one kind of job");
    }
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      long seen = queued.count();
      Optional<Job> job = QuarkusTransaction.requiringNew().call(() -> take(claim));
      long left = end - System.nanoTime();
      if (job.isPresent() || left <= 0 || queued.isEnded()) {
        return job;
      }
      queued.awaitPast(seen, Duration.ofNanos(Math.min(left, LOOK.toNanos())));
    }
  }

  /** Those who wait for a job are told that there is none, and nobody waits from now on. */
  public void endWaiting() {
    queued.end();
  }

  /** What callers sent is on the disk of the replica that answered them: that job is for those who have some, where anybody has. */
  private Optional<Job> take(JobClaim claim) {
    Instant now = clock.instant();
    return database.first(
        """
        with next as (
          select j.id from job j
           where j.kind = any(?) and j.attempts < ?
             and (j.state = 'queued' or (j.state = 'claimed' and j.lease_until < ?))
             and (j.kind <> ? or coalesce((
                   select bool_or(r.name = ?)
                     from model_version v join registered_model m on m.id = v.model_id,
                          replica r, jsonb_array_elements(r.report -> 'loaded') l
                    where v.id = j.version_id and r.heard_at > ?
                      and l ->> 'model' = m.name and (l ->> 'sampled')::boolean), true))
           order by j.id limit 1 for update of j skip locked),
        taken as (
          update job set state = 'claimed', claimed_by = ?, lease_until = ?, attempts = attempts + 1
            from next where job.id = next.id
          returning job.id, job.kind, job.version_id, job.parameters, job.lease_until)
        select t.id, t.kind, t.parameters, t.lease_until, m.name as model, v.number as version, v.digest
          from taken t join model_version v on v.id = t.version_id join registered_model m on m.id = v.model_id
        """,
        this::job,
        claim.kinds(),
        MAX_ATTEMPTS,
        now,
        Job.check("agreement"),
        claim.replica(),
        now.minus(Readiness.CONNECTED),
        claim.replica(),
        now.plus(LEASE));
  }

  /** Takes the answer to a job. @throws Conflict when the caller does not hold the lease any more */
  @Transactional
  public void finish(long id, JobResult result) {
    if (result.replica() == null || result.outcome() == null) {
      throw new Invalid("a result names its replica and its outcome");
    }
    boolean failed = result.outcome() == JobResult.Outcome.FAILED;
    record Done(String kind, long version, String state) {}
    Done done = database
        .first(
            """
            update job set state = case when not ? then 'done' when attempts < ? then 'queued' else 'failed' end,
                   result = ?::jsonb, finished_at = ?, lease_until = null
             where id = ? and state = 'claimed' and claimed_by = ?
            returning kind, version_id, state
            """,
            row -> new Done(row.text("kind"), row.number("version_id"), row.text("state")),
            failed,
            MAX_ATTEMPTS,
            write(result),
            clock.instant(),
            id,
            result.replica())
        .orElseThrow(() -> new Conflict(
            "lease-lost",
            "job " + id + " is not " + result.replica() + "'s any more: drop the result"));
    if (done.state().equals("queued")) {
      afterCommit.run(queued::raise);
    } else {
      over(done.kind(), done.version(), done.state(), result);
    }
  }

  private void over(String kind, long version, String state, JobResult result) {
    if (kind.equals(Job.INSPECT) && state.equals("done")) {
      servability.record(
          new Caller(result.replica(), Set.of(), null),
          version,
          servable(result),
          result.format(),
          result.signature(),
          result.details());
    } else if (kind.equals(Job.INSPECT)) {
      giveUp(version, result.reason());
    }
    ended.fire(new JobEnded(version));
  }

  private static Servable servable(JobResult result) {
    return result.outcome() == JobResult.Outcome.SERVABLE
        ? new Servable(Servable.State.YES, null)
        : new Servable(
            Servable.State.NO,
            result.reason() == null ? "the gateway cannot serve it" : result.reason());
  }

  private void giveUp(long version, String reason) {
    String why = "it could not be inspected in " + MAX_ATTEMPTS + " attempts"
        + (reason == null ? "" : ", the last: " + reason);
    servability.unknown(version, why);
  }

  /** Ends jobs whose last lease ran out: the process that had them died of them, or with them. */
  @Scheduled(every = "15s")
  @Transactional
  void giveUpExpired() {
    Instant now = clock.instant();
    record Lost(String kind, long version) {}
    List<Lost> lost = database.list(
        """
        update job set state = 'failed', finished_at = ?
         where state = 'claimed' and lease_until < ? and attempts >= ? returning kind, version_id
        """, row -> new Lost(row.text("kind"), row.number("version_id")), now, now, MAX_ATTEMPTS);
    for (Lost job : lost) {
      if (job.kind().equals(Job.INSPECT)) {
        giveUp(job.version(), "the serving process did not come back with an answer");
      }
      ended.fire(new JobEnded(job.version()));
    }
  }

  private Job job(Row row) throws SQLException {
    try {
      return new Job(
          row.number("id"),
          row.text("kind"),
          row.text("model"),
          row.integer("version"),
          new Digest(row.text("digest")),
          json.readValue(row.text("parameters"), new TypeReference<Map<String, String>>() {}),
          row.time("lease_until"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a job's stored parameters cannot be read", e);
    }
  }

  private JobResult result(String stored) {
    try {
      return stored == null ? null : json.readValue(stored, JobResult.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a job's stored result cannot be read", e);
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a job's record cannot be written", e);
    }
  }
}
