package dev.slipway.registry.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/** Queues an event for those who want it, in the transaction of what it tells. */
@ApplicationScoped
class EventQueue {
  private final WebhookStore store;
  private final Event<Dispatcher.Queued> queued;
  private final Clock clock;

  EventQueue(WebhookStore store, Event<Dispatcher.Queued> queued, Clock clock) {
    this.store = store;
    this.queued = queued;
    this.clock = clock;
  }

  boolean isWanted(WebhookEvent... events) {
    return store.anyoneWants(events);
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
