package dev.slipway.registry.api;

import dev.slipway.registry.webhook.Webhook;
import dev.slipway.registry.webhook.WebhookEvent;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A webhook on the wire. The secret never is; {@code signed} says whether there is one. */
public record WebhookJson(
    String id,
    String name,
    String url,
    String description,
    List<String> events,
    String status,
    boolean signed,
    String createdBy,
    Instant createdAt,
    Instant updatedAt) {
  static WebhookJson of(Webhook webhook) {
    return new WebhookJson(
        webhook.id(),
        webhook.name(),
        webhook.url(),
        webhook.description(),
        webhook.events().stream().map(WebhookEvent::label).toList(),
        webhook.status().name().toLowerCase(Locale.ROOT),
        webhook.signed(),
        webhook.createdBy(),
        webhook.createdAt(),
        webhook.updatedAt());
  }
}
