package dev.slipway.registry.webhook;

import dev.slipway.registry.audit.AuditLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Queues an event for those who want it, in the transaction of what it tells. */
@ApplicationScoped
class EventQueue {
  private final WebhookStore store;
  private final Event<Dispatcher.Queued> queued;
  private final TransactionSynchronizationRegistry transaction;
  private final Clock clock;

  EventQueue(
      WebhookStore store,
      Event<Dispatcher.Queued> queued,
      TransactionSynchronizationRegistry transaction,
      Clock clock) {
    this.store = store;
    this.transaction = transaction;
    this.queued = queued;
    this.clock = clock;
  }

  boolean isWanted(WebhookEvent... events) {
    return Stream.of(events).anyMatch(wanted()::contains);
  }

  void lookUp(@Observes AuditLog.Ahead ahead) {
    wanted();
  }

  /** Looked up once in a transaction, however many deeds it tells of. */
  @SuppressWarnings("unchecked")
  private Set<WebhookEvent> wanted() {
    var wanted = (Set<WebhookEvent>) transaction.getResource(EventQueue.class);
    if (wanted == null) {
      wanted = store.wanted();
      transaction.putResource(EventQueue.class, wanted);
    }
    return wanted;
  }

  /** @param data looked at only when somebody wants the event */
  void tell(WebhookEvent event, Supplier<Map<String, Object>> data) {
    if (isWanted(event)) {
      add(event, data);
    }
  }

  void add(WebhookEvent event, Supplier<Map<String, Object>> data) {
    if (store.queue(event, EventBody.json(event, clock.instant(), data.get()), clock.instant())
        > 0) {
      queued.fire(new Dispatcher.Queued());
    }
  }
}
