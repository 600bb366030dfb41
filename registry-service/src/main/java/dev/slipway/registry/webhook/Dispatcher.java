package dev.slipway.registry.webhook;

import dev.slipway.registry.problem.RegistryException.Unavailable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Sends what is in the outbox: at once when a transaction has put something there, and each second what is due again or was left by
 * a process that died. Several registries share the work by taking rows.
 */
@ApplicationScoped
class Dispatcher {
  private static final Logger LOG = Logger.getLogger(Dispatcher.class);
  private static final int MOST_AT_ONCE = 32;
  private static final Duration KEPT = Duration.ofDays(7);

  private final DeliveryStore deliveries;
  private final Receiver receiver;
  private final SecretBox secrets;
  private final Clock clock;
  private final Duration lease;
  private final Semaphore slots = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
      Thread.ofVirtual().name("slipway-webhook-", 0).factory());

  Dispatcher(
      DeliveryStore deliveries,
      Receiver receiver,
      SecretBox secrets,
      WebhookConfig config,
      Clock clock) {
    this.deliveries = deliveries;
    this.receiver = receiver;
    this.secrets = secrets;
    this.clock = clock;
    this.lease = config.timeout().multipliedBy(2);
  }

  /** Fired in the transaction that puts deliveries into the outbox. */
  record Queued() {}

  void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) Queued queued) {
    threads.execute(this::sendDue);
  }

  @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void sendDue() {
    int free = slots.drainPermits();
    int taken = 0;
    try {
      if (free > 0) {
        List<DeliveryStore.Due> due = take(free);
        taken = due.size();
        due.forEach(delivery -> threads.execute(() -> send(delivery)));
      }
    } finally {
      slots.release(free - taken);
    }
  }

  private List<DeliveryStore.Due> take(int most) {
    Instant now = clock.instant();
    return QuarkusTransaction.requiringNew()
        .call(() -> deliveries.take(most, now, now.plus(lease)));
  }

  private void send(DeliveryStore.Due delivery) {
    try {
      Receiver.Answer answer = receiver.send(new Receiver.Message(
          delivery.id(),
          delivery.url(),
          delivery.body(),
          delivery.sealedSecret() == null ? null : secrets.open(delivery.sealedSecret())));
      settle(delivery, answer);
    } catch (Unavailable noSecret) {
      settle(delivery, new Receiver.Answer(0, null, null, noSecret.getMessage()));
    } finally {
      slots.release();
    }
  }

  private void settle(DeliveryStore.Due delivery, Receiver.Answer answer) {
    Instant now = clock.instant();
    if (answer.isSuccess()) {
      QuarkusTransaction.requiringNew()
          .run(() -> deliveries.delivered(delivery.id(), answer.status(), now));
      return;
    }
    String error = answer.error() == null ? "answered " + answer.status() : answer.error();
    Optional<Duration> wait = RetrySchedule.isTransient(answer.status())
        ? RetrySchedule.next(
            delivery.attempts(), ThreadLocalRandom.current().nextDouble(), answer.retryAfter())
        : Optional.empty();
    QuarkusTransaction.requiringNew()
        .run(() -> wait.ifPresentOrElse(
            pause -> deliveries.again(delivery.id(), answer.status(), error, now.plus(pause)),
            () -> deliveries.failed(delivery.id(), answer.status(), error, now)));
    if (wait.isEmpty()) {
      LOG.warnf(
          "webhook delivery %s is given up after %d attempts: %s",
          delivery.id(), delivery.attempts(), error);
    }
  }

  @Scheduled(every = "1h", delayed = "5m")
  void forget() {
    QuarkusTransaction.requiringNew()
        .run(() -> deliveries.forgetFinished(clock.instant().minus(KEPT)));
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }
}
