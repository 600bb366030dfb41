package dev.slipway.registry.webhook;

import dev.slipway.registry.access.Caller;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.problem.RegistryException;
import dev.slipway.registry.problem.RegistryException.NotFound;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Who is told of what: webhooks, made, read, changed, deleted and tried. */
@ApplicationScoped
public class Webhooks {
  private final WebhookStore store;
  private final DeliveryStore deliveries;
  private final WebhookRules rules;
  private final SecretBox secrets;
  private final Receiver receiver;
  private final AuditLog audit;
  private final Clock clock;

  Webhooks(
      WebhookStore store,
      DeliveryStore deliveries,
      SecretBox secrets,
      Receiver receiver,
      WebhookConfig config,
      AuditLog audit,
      Clock clock) {
    this.store = store;
    this.deliveries = deliveries;
    this.rules = new WebhookRules(config.allowInsecure());
    this.secrets = secrets;
    this.receiver = receiver;
    this.audit = audit;
    this.clock = clock;
  }

  /** Webhooks, and the position to go on before; null on the last page. */
  public record Found(List<Webhook> webhooks, Long next) {}

  /** How a trial went. {@code error} is null when there was an answer, the answer's fields are when there was none. */
  public record Trial(boolean success, Integer responseStatus, String responseBody, String error) {}

  /** @throws RegistryException.Invalid when a field breaks a rule */
  @Transactional
  public Webhook create(Caller actor, Webhook.Origin origin, Webhook.Draft draft) {
    rules.name(draft.name());
    rules.url(draft.url());
    rules.description(draft.description());
    rules.events(draft.events(), origin);
    rules.secret(draft.secret());
    Instant now = clock.instant();
    boolean signed = draft.secret() != null && !draft.secret().isEmpty();
    var webhook = new Webhook(
        UUID.randomUUID().toString(),
        origin,
        draft.name(),
        draft.url().strip(),
        draft.description(),
        draft.events().stream().distinct().toList(),
        draft.status() == null ? Webhook.Status.ACTIVE : draft.status(),
        signed,
        actor.name(),
        now,
        now);
    store.insert(webhook, signed ? secrets.seal(draft.secret()) : null);
    audit.append(actor, "webhook.create", object(webhook), null, null, audited(webhook));
    return webhook;
  }

  /** @param origin only those of this API; null for all. @throws NotFound when there is none */
  @Transactional
  public Webhook get(String id, Webhook.Origin origin) {
    return store
        .find(id)
        .filter(webhook -> origin == null || webhook.origin() == origin)
        .orElseThrow(() -> unknown(id));
  }

  /**
   * Newest first.
   *
   * @param before only those made before this one; {@link Long#MAX_VALUE} for the first page
   */
  @Transactional
  public Found list(Webhook.Origin origin, long before, int size) {
    List<WebhookStore.Placed> placed = store.page(origin, before, size + 1);
    List<WebhookStore.Placed> page = placed.subList(0, Math.min(size, placed.size()));
    return new Found(
        page.stream().map(WebhookStore.Placed::webhook).toList(),
        placed.size() > size ? page.getLast().position() : null);
  }

  /** Changes what the draft names. Names are looked up before anything is locked. */
  @Transactional
  public Webhook update(Caller actor, String id, Webhook.Origin origin, Webhook.Draft draft) {
    if (draft.url() != null) {
      rules.url(draft.url());
    }
    get(id, origin);
    Webhook before = store.lock(id).orElseThrow(() -> unknown(id));
    String name = orElse(draft.name(), before.name());
    String url = orElse(draft.url(), before.url());
    List<WebhookEvent> events = orElse(draft.events(), before.events());
    rules.name(name);
    rules.description(draft.description());
    rules.events(events, before.origin());
    rules.secret(draft.secret());
    boolean signed = draft.secret() == null ? before.signed() : !draft.secret().isEmpty();
    var after = new Webhook(
        id,
        before.origin(),
        name,
        url.strip(),
        orElse(draft.description(), before.description()),
        events.stream().distinct().toList(),
        orElse(draft.status(), before.status()),
        signed,
        before.createdBy(),
        before.createdAt(),
        clock.instant());
    store.update(after);
    if (draft.secret() != null) {
      store.updateSecret(id, signed ? secrets.seal(draft.secret()) : null);
    }
    audit.append(actor, "webhook.update", object(after), null, audited(before), audited(after));
    return after;
  }

  @Transactional
  public void delete(Caller actor, String id, Webhook.Origin origin) {
    Webhook webhook = get(id, origin);
    store.delete(id);
    audit.append(actor, "webhook.delete", object(webhook), null, audited(webhook), null);
  }

  /**
   * Sends an example of an event once, now. Must be called without a transaction.
   *
   * @param event null for the first that the webhook is for
   */
  public Trial test(String id, Webhook.Origin origin, WebhookEvent event) {
    Webhook webhook = get(id, origin);
    WebhookEvent tried = event == null ? webhook.events().getFirst() : event;
    String secret = store.sealedSecret(id).map(secrets::open).orElse(null);
    String body = EventBody.json(tried, clock.instant(), ExamplePayloads.of(tried));
    Receiver.Answer answer = receiver.send(
        new Receiver.Message(UUID.randomUUID().toString(), webhook.url(), body, secret));
    return answer.error() == null
        ? new Trial(answer.status() < 400, answer.status(), answer.body(), null)
        : new Trial(false, null, null, "Failed to test webhook: " + answer.error());
  }

  /** What was and is to be sent, newest first. */
  @Transactional
  public List<Delivery> deliveries(String id, long before, int size) {
    get(id, null);
    return deliveries.page(id, before, size);
  }

  private static <T> T orElse(T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  private static String object(Webhook webhook) {
    return "webhook/" + webhook.id();
  }

  /** Without the path of the URL, which often is a credential. */
  private static Map<String, Object> audited(Webhook webhook) {
    return Map.of(
        "name", webhook.name(),
        "host", String.valueOf(URI.create(webhook.url()).getHost()),
        "events", webhook.events().stream().map(WebhookEvent::label).toList(),
        "status", webhook.status());
  }

  private static RegistryException unknown(String id) {
    return new NotFound("webhook-not-found", "Webhook with ID " + id + " not found.")
        .with("webhook_id", id);
  }
}
