package dev.slipway.registry.webhook;

import java.time.Instant;
import java.util.List;

/**
 * Somebody who wants to be told. The secret is never shown.
 *
 * @param origin the API that made it
 * @param signed whether it has a secret, so that its deliveries are signed
 */
public record Webhook(
    String id,
    Origin origin,
    String name,
    String url,
    String description,
    List<WebhookEvent> events,
    Status status,
    boolean signed,
    String createdBy,
    Instant createdAt,
    Instant updatedAt) {
  public Webhook {
    events = List.copyOf(events);
  }

  /** The API that made it; MLflow's sees only its own. */
  public enum Origin {
    MLFLOW,
    NATIVE
  }

  /** A disabled one is told nothing. */
  public enum Status {
    ACTIVE,
    DISABLED
  }

  /**
   * What it is made or changed with. For a change, null leaves as it is.
   *
   * @param secret empty for none
   */
  public record Draft(
      String name,
      String url,
      String description,
      List<WebhookEvent> events,
      String secret,
      Status status) {}
}
