package dev.slipway.registry.review;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.model.LivePointers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jboss.logging.Logger;

/** Ends requests that waited longer than their policy lets them: by and by, and at once where somebody looks at one. */
@ApplicationScoped
class Expiry {
  private static final int BATCH = 500;
  private static final Logger LOG = Logger.getLogger(Expiry.class);

  private final RequestStore requests;
  private final LivePointers pointers;
  private final AuditLog audit;
  private final ReviewMetrics metrics;
  private final Clock clock;

  Expiry(
      RequestStore requests,
      LivePointers pointers,
      AuditLog audit,
      ReviewMetrics metrics,
      Clock clock) {
    this.requests = requests;
    this.pointers = pointers;
    this.audit = audit;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** When a request that is made at {@code made} ends by itself; null for never. */
  static Instant end(PolicyRules.MoveRule rule, Instant made) {
    Duration span = rule.expiresAfter();
    return span == null || rule.needsNothing() ? null : made.plus(span);
  }

  @Scheduled(every = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void expireDue() {
    for (RequestRow due :
        QuarkusTransaction.requiringNew().call(() -> requests.due(clock.instant(), BATCH))) {
      try {
        expireIfDue(due);
      } catch (RuntimeException e) {
        LOG.warnf(e, "request %d could not be ended, trying again", due.id());
      }
    }
  }

  /**
   * Ends a request that was found due, unless somebody is busy with its model: then it is as that one leaves it.
   *
   * @return whether it is not open any more
   */
  boolean expireIfDue(RequestRow request) {
    return isDue(request)
        && QuarkusTransaction.requiringNew()
            .call(() -> pointers.lockIfFree(request.modelId()).isPresent() && expire(request));
  }

  /**
   * As {@link #expireIfDue} for a caller that holds the model's lock. In a transaction of its own, so that it stays although the
   * call will fail.
   */
  boolean expireUnderLock(RequestRow request) {
    return isDue(request) && QuarkusTransaction.requiringNew().call(() -> expire(request));
  }

  private boolean isDue(RequestRow request) {
    return request.state() == RequestState.OPEN
        && request.expiresAt() != null
        && !clock.instant().isBefore(request.expiresAt());
  }

  private boolean expire(RequestRow request) {
    String reason = "nobody decided it before " + request.expiresAt();
    boolean expired = requests.expire(request.id(), reason, clock.instant());
    if (expired) {
      audit.append(
          Caller.REGISTRY,
          "request.expire",
          Reviews.object(request.model(), request.id()),
          request.bound().digest(),
          Map.of("state", RequestState.OPEN),
          Map.of("state", RequestState.EXPIRED, "reason", reason));
      metrics.transition(request.to(), "expired");
    }
    return expired;
  }

  /** After a change of policy, for one model or, with null, for all: open requests wait as long as the one in force lets them. */
  void renew(Long model) {
    for (RequestRow request : requests.openUnderOtherPolicy(model)) {
      requests.setExpiry(request.id(), end(request.rule(), request.createdAt()));
    }
  }
}
