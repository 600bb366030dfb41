package dev.slipway.registry.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.registry.access.Callers;
import dev.slipway.registry.idempotency.Idempotency.Outcome;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.webhook.Delivery;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Webhooks, those made through MLflow's API included, with events for stages, requests and releases. */
@Path("/api/v1/webhooks")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WebhookResource {
  private final Webhooks webhooks;
  private final Callers callers;
  private final Posts posts;

  WebhookResource(Webhooks webhooks, Callers callers, Posts posts) {
    this.webhooks = webhooks;
    this.callers = callers;
    this.posts = posts;
  }

  /** A webhook to make, or what to change of one: null leaves as it is. */
  public record Body(
      String name,
      String url,
      String description,
      @JsonSetter(contentNulls = Nulls.FAIL) List<String> events,
      String secret,
      String status) {
    Webhook.Draft draft() {
      return new Webhook.Draft(
          name,
          url,
          description,
          events == null ? null : events.stream().map(WebhookResource::event).toList(),
          secret,
          status == null ? null : WebhookResource.status(status));
    }
  }

  /** A trial of one event; null for the first that the webhook is for. */
  public record TrialBody(String event) {}

  /** A page of webhooks. */
  public record WebhookPage(List<WebhookJson> webhooks, String nextPageToken) {}

  /** A page of deliveries, newest first. */
  public record DeliveryPage(List<Delivery> deliveries, String nextPageToken) {}

  @POST
  @APIResponseSchema(value = WebhookJson.class, responseCode = "201")
  public Response create(Body body) {
    Body given = Web.body(body);
    return posts.run(given, () -> {
      Webhook made = webhooks.create(callers.current(), Webhook.Origin.NATIVE, given.draft());
      return Outcome.created(WebhookJson.of(made), "/api/v1/webhooks/" + made.id());
    });
  }

  @GET
  public WebhookPage list(
      @QueryParam("page_size") Integer size, @QueryParam("page_token") String token) {
    Webhooks.Found found = webhooks.list(null, Paging.before(token), Web.pageSize(size));
    return new WebhookPage(
        found.webhooks().stream().map(WebhookJson::of).toList(),
        found.next() == null ? null : Web.token(String.valueOf(found.next())));
  }

  @GET
  @Path("/{id}")
  public WebhookJson get(@PathParam("id") String id) {
    return WebhookJson.of(webhooks.get(id, null));
  }

  @PATCH
  @Path("/{id}")
  public WebhookJson update(@PathParam("id") String id, Body body) {
    return WebhookJson.of(
        webhooks.update(callers.current(), id, null, Web.body(body).draft()));
  }

  @DELETE
  @Path("/{id}")
  public void delete(@PathParam("id") String id) {
    webhooks.delete(callers.current(), id, null);
  }

  @POST
  @Path("/{id}/test")
  @Operation(summary = "Send an example of an event now, once")
  public Webhooks.Trial test(@PathParam("id") String id, TrialBody body) {
    return webhooks.test(
        id, null, body == null || body.event() == null ? null : event(body.event()));
  }

  @GET
  @Path("/{id}/deliveries")
  @Operation(summary = "What was and is to be sent in the last seven days")
  public DeliveryPage deliveries(
      @PathParam("id") String id,
      @QueryParam("page_size") Integer size,
      @QueryParam("page_token") String token) {
    int limit = Web.pageSize(size);
    List<Delivery> found = webhooks.deliveries(id, Paging.before(token), limit + 1);
    return new DeliveryPage(
        Paging.cut(found, limit), Paging.next(found, limit, Delivery::position));
  }

  private static WebhookEvent event(String label) {
    return WebhookEvent.find(label)
        .orElseThrow(() -> new Invalid("invalid-webhook", "there is no event '" + label + "'"));
  }

  private static Webhook.Status status(String label) {
    try {
      return Webhook.Status.valueOf(label.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new Invalid(
          "invalid-webhook", "a webhook's status is active or disabled, not '" + label + "'");
    }
  }
}
