package dev.slipway.registry.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.common.artifact.Digest;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.problem.RegistryException.Conflict;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.problem.RegistryException.Unprocessable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs the work of a state-changing POST in one transaction and, under an Idempotency-Key, keeps its answer in that same
 * transaction: the same call again is answered alike for 24 hours and does nothing (draft-ietf-httpapi-idempotency-key-header).
 */
@ApplicationScoped
public class Idempotency {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int MAX_KEY = 255;

  private final EntityManager database;
  private final Callers callers;
  private final ObjectMapper json;
  private final Clock clock;

  Idempotency(EntityManager database, Callers callers, ObjectMapper json, Clock clock) {
    this.database = database;
    this.callers = callers;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The answer to give.
   *
   * @param body JSON text; null for none
   * @param location of what was created; null for none
   * @param replayed whether it was given before
   */
  public record Answer(int status, String body, String location, boolean replayed) {}

  /** What the work answers: {@code body} is written as JSON. */
  public record Outcome(int status, Object body, String location) {
    public static Outcome ok(Object body) {
      return new Outcome(200, body, null);
    }

    public static Outcome created(Object body, String location) {
      return new Outcome(201, body, location);
    }
  }

  /**
   * @param key the header's value; null: the work just runs
   * @param route method and path, which scope the key together with the principal
   * @param body the parsed request, whose hash is kept
   * @throws Unprocessable when the key was used with another body
   * @throws Conflict when a twin of this call is running now
   */
  public Answer run(String key, String route, Object body, Supplier<Outcome> work) {
    return QuarkusTransaction.requiringNew().call(() -> {
      if (key == null) {
        return answer(work.get());
      }
      if (key.isBlank() || key.length() > MAX_KEY) {
        throw new Invalid("an Idempotency-Key has 1 to " + MAX_KEY + " characters");
      }
      return once(
          callers.current().name(),
          route,
          key,
          Digest.of(write(body).getBytes(StandardCharsets.UTF_8)).value(),
          work);
    });
  }

  private Answer once(
      String principal, String route, String key, String hash, Supplier<Outcome> work) {
    if (!(Boolean) database
        .createNativeQuery(
            "select pg_try_advisory_xact_lock(hashtextextended(:scope, 0))", Boolean.class)
        .setParameter("scope", principal + "\n" + route + "\n" + key)
        .getSingleResult()) {
      throw new Conflict(
              "idempotency-in-progress",
              "a call with this Idempotency-Key is running: ask again in a second")
          .with("retry_after", 1);
    }
    for (Object row : database
        .createNativeQuery(
            "select body_hash, status, body, location from idempotency_key"
                + " where principal = :principal and route = :route and key = :key and created_at > :since",
            Tuple.class)
        .setParameter("principal", principal)
        .setParameter("route", route)
        .setParameter("key", key)
        .setParameter("since", clock.instant().minus(KEPT))
        .getResultList()) {
      var kept = (Tuple) row;
      if (!hash.equals(kept.get(0, String.class))) {
        throw new Unprocessable(
            "idempotency-key-reused",
            "this Idempotency-Key was used with another body: take a new one");
      }
      return new Answer(
          kept.get(1, Integer.class), kept.get(2, String.class), kept.get(3, String.class), true);
    }
    Answer answer = answer(work.get());
    keep(principal, route, key, hash, answer);
    return answer;
  }

  private void keep(String principal, String route, String key, String hash, Answer answer) {
    database
        .createNativeQuery(
            "insert into idempotency_key (principal, route, key, body_hash, status, location, body, created_at)"
                + " values (:principal, :route, :key, :hash, :status, :location, :body, :now)"
                + " on conflict (principal, route, key) do update set body_hash = excluded.body_hash, status = excluded.status,"
                + " location = excluded.location, body = excluded.body, created_at = excluded.created_at")
        .setParameter("principal", principal)
        .setParameter("route", route)
        .setParameter("key", key)
        .setParameter("hash", hash)
        .setParameter("status", answer.status())
        .setParameter("location", answer.location())
        .setParameter("body", answer.body())
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  private Answer answer(Outcome outcome) {
    return new Answer(
        outcome.status(),
        outcome.body() == null ? null : write(outcome.body()),
        outcome.location(),
        false);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException cause) {
      throw new IllegalStateException("an answer that JSON cannot hold", cause);
    }
  }

  @Scheduled(every = "1h", delayed = "10m")
  @Transactional
  void forget() {
    database
        .createNativeQuery("delete from idempotency_key where created_at < :since")
        .setParameter("since", clock.instant().minus(KEPT))
        .executeUpdate();
  }
}
