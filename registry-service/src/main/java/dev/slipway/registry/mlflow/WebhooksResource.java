package dev.slipway.registry.mlflow;

import dev.slipway.registry.access.Callers;
import dev.slipway.registry.search.PageToken;
import dev.slipway.registry.webhook.Webhook;
import dev.slipway.registry.webhook.WebhookEvent;
import dev.slipway.registry.webhook.Webhooks;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;

/** {@code webhooks/*}: only those that were made here, so that a client never meets an event that it does not know. */
@Path("/api/2.0/mlflow/webhooks")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@MlflowDialect
@RunOnVirtualThread
class WebhooksResource {
  private static final int DEFAULT_PAGE = 100;
  private static final int MOST_A_PAGE = 1000;

  private final Webhooks webhooks;
  private final Callers callers;
  private final Requests requests;

  WebhooksResource(Webhooks webhooks, Callers callers, Requests requests) {
    this.webhooks = webhooks;
    this.callers = callers;
    this.requests = requests;
  }

  record EventMessage(String entity, String action) {
    static EventMessage of(WebhookEvent event) {
      return new EventMessage(
          event.entity().toUpperCase(Locale.ROOT), event.action().toUpperCase(Locale.ROOT));
    }
  }

  record WebhookMessage(
      String webhookId,
      String name,
      String description,
      String url,
      List<EventMessage> events,
      String status,
      long creationTimestamp,
      long lastUpdatedTimestamp) {
    static WebhookMessage of(Webhook webhook) {
      return new WebhookMessage(
          webhook.id(),
          webhook.name(),
          webhook.description(),
          webhook.url(),
          Messages.list(webhook.events(), EventMessage::of),
          webhook.status().name(),
          webhook.createdAt().toEpochMilli(),
          webhook.updatedAt().toEpochMilli());
    }
  }

  record WebhookAnswer(WebhookMessage webhook) {
    static WebhookAnswer of(Webhook webhook) {
      return new WebhookAnswer(WebhookMessage.of(webhook));
    }
  }

  record WebhookList(List<WebhookMessage> webhooks, String nextPageToken) {}

  record TrialMessage(
      Boolean success, Integer responseStatus, String responseBody, String errorMessage) {}

  record TrialAnswer(TrialMessage result) {}

  @POST
  public WebhookAnswer create(@Context HttpHeaders headers, byte[] body) {
    MlflowRequest request = requests.post(headers, body);
    request.require("name");
    request.require("url");
    request.require("events");
    return WebhookAnswer.of(webhooks.create(
        callers.current(),
        Webhook.Origin.MLFLOW,
        new Webhook.Draft(
            request.text("name"),
            request.text("url"),
            request.filledOrNull("description"),
            events(request),
            request.filledOrNull("secret"),
            status(request))));
  }

  @GET
  public WebhookList list(@Context UriInfo uri, byte[] body) {
    MlflowRequest request = requests.get(uri, body);
    int size = (int) request.number("max_results", 0);
    if (size < 0 || size > MOST_A_PAGE) {
      throw MlflowException.invalid("max_results must be between 1 and 1000.");
    }
    String token = request.text("page_token");
    long before = token.isEmpty() ? Long.MAX_VALUE : PageToken.parse(token).offset();
    Webhooks.Found found =
        webhooks.list(Webhook.Origin.MLFLOW, before, size == 0 ? DEFAULT_PAGE : size);
    return new WebhookList(
        Messages.list(found.webhooks(), WebhookMessage::of),
        found.next() == null ? null : PageToken.ofOffset(found.next()).encoded());
  }

  @GET
  @Path("{webhook_id}")
  public WebhookAnswer get(@PathParam("webhook_id") String id) {
    return WebhookAnswer.of(webhooks.get(id, Webhook.Origin.MLFLOW));
  }

  @PATCH
  @Path("{webhook_id}")
  public WebhookAnswer update(@PathParam("webhook_id") String id, byte[] body) {
    MlflowRequest request = requests.body(body);
    return WebhookAnswer.of(webhooks.update(
        callers.current(),
        id,
        Webhook.Origin.MLFLOW,
        new Webhook.Draft(
            request.filledOrNull("name"),
            request.filledOrNull("url"),
            request.textOrNull("description"),
            request.has("events") && !events(request).isEmpty() ? events(request) : null,
            request.textOrNull("secret"),
            status(request))));
  }

  @DELETE
  @Path("{webhook_id}")
  public Messages.Empty delete(@PathParam("webhook_id") String id) {
    webhooks.delete(callers.current(), id, Webhook.Origin.MLFLOW);
    return new Messages.Empty();
  }

  @POST
  @Path("{webhook_id}/test")
  public TrialAnswer test(
      @PathParam("webhook_id") String id, @Context HttpHeaders headers, byte[] body) {
    WebhookEvent event = requests
        .post(headers, body)
        .message("event")
        .map(WebhooksResource::event)
        .orElse(null);
    Webhooks.Trial trial = webhooks.test(id, Webhook.Origin.MLFLOW, event);
    return new TrialAnswer(new TrialMessage(
        trial.success(), trial.responseStatus(), trial.responseBody(), trial.error()));
  }

  private static Webhook.Status status(MlflowRequest request) {
    return request.constantOrNull("status", Webhook.Status.class, Webhook.Status::name, 1);
  }

  private static List<WebhookEvent> events(MlflowRequest request) {
    return request.messages("events").stream().map(WebhooksResource::event).toList();
  }

  private static WebhookEvent event(MlflowRequest message) {
    String label = message.requiredText("entity") + '.' + message.requiredText("action");
    return WebhookEvent.find(label)
        .filter(WebhookEvent::isMlflow)
        .orElseThrow(() -> MlflowException.invalid("Invalid action '"
            + message.text("action").toLowerCase(Locale.ROOT) + "' for entity '"
            + message.text("entity").toLowerCase(Locale.ROOT) + "'."));
  }
}
