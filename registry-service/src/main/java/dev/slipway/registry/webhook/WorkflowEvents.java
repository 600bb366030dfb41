package dev.slipway.registry.webhook;

import static dev.slipway.registry.webhook.ExamplePayloads.map;

import dev.slipway.registry.audit.Audited;
import dev.slipway.registry.release.Settings;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** What is told of policies, requests, stages and releases. */
@ApplicationScoped
class WorkflowEvents {
  private static final Map<String, WebhookEvent> OF_REQUESTS = Map.ofEntries(
      Map.entry("request.open", WebhookEvent.TRANSITION_REQUEST_CREATED),
      Map.entry("request.approve", WebhookEvent.TRANSITION_REQUEST_APPROVED),
      Map.entry("request.reject", WebhookEvent.TRANSITION_REQUEST_REJECTED),
      Map.entry("request.withdraw", WebhookEvent.TRANSITION_REQUEST_WITHDRAWN),
      Map.entry("request.bypass", WebhookEvent.TRANSITION_REQUEST_BYPASSED),
      Map.entry("request.applied", WebhookEvent.TRANSITION_REQUEST_APPLIED),
      Map.entry("request.failed", WebhookEvent.TRANSITION_REQUEST_FAILED),
      Map.entry("request.expire", WebhookEvent.TRANSITION_REQUEST_EXPIRED),
      Map.entry("request.supersede", WebhookEvent.TRANSITION_REQUEST_SUPERSEDED),
      Map.entry("request.comment", WebhookEvent.TRANSITION_REQUEST_COMMENTED),
      Map.entry("request.void", WebhookEvent.APPROVAL_VOIDED),
      Map.entry("request.check", WebhookEvent.CHECK_REPORTED));

  private final EventQueue queue;
  private final Reviews reviews;

  WorkflowEvents(EventQueue queue, Reviews reviews) {
    this.queue = queue;
    this.reviews = reviews;
  }

  /** @param what the id of a request or the number of a version; null for a deed of the model itself */
  void tell(String model, String what, Audited deed) {
    WebhookEvent ofRequest = OF_REQUESTS.get(deed.action());
    if (ofRequest != null) {
      requested(ofRequest, what, deed);
      return;
    }
    switch (deed.action()) {
      case "release.promotion", "release.rollback", "release.retire" ->
        released(WebhookEvent.RELEASE_LIVE, model, deed);
      case "settings.change" -> settingsChanged(model, deed);
      case "model.delete" -> deleted(WebhookEvent.REGISTERED_MODEL_DELETED, model, null, deed);
      case "version.delete" -> deleted(WebhookEvent.MODEL_VERSION_DELETED, model, what, deed);
      case "release.failed" -> released(WebhookEvent.RELEASE_FAILED, model, deed);
      case "release.step" -> released(WebhookEvent.RELEASE_STEP, model, deed);
      case "release.undone" -> released(WebhookEvent.RELEASE_UNDONE, model, deed);
      default -> {}
    }
  }

  /** @param path of the object: {@code policy}, {@code policy/group/x} or {@code model/x/policy} */
  void policyChanged(String[] path, Audited deed) {
    queue.tell(
        WebhookEvent.POLICY_CHANGED,
        () -> map(
            "name", path[0].equals("model") ? path[1] : null,
            "group", path.length > 2 && path[0].equals("policy") ? path[2] : null,
            "policy", deed.after() instanceof Policy after ? after.id() : null,
            "before", deed.before() instanceof Policy before ? before.id() : null,
            "actor", deed.actor().name()));
  }

  private void settingsChanged(String model, Audited deed) {
    queue.tell(
        WebhookEvent.SETTINGS_CHANGED,
        () -> map(
            "name",
            model,
            "number",
            deed.after() instanceof Settings.Numbered after ? after.number() : null,
            "actor",
            deed.actor().name()));
  }

  private void deleted(WebhookEvent event, String model, String version, Audited deed) {
    queue.tell(event, () -> {
      Map<String, Object> data = map("name", model);
      if (version != null) {
        data.put("version", version);
        data.put("stage", field(deed.before(), "stage"));
      }
      data.put("actor", deed.actor().name());
      return data;
    });
  }

  void stageChanged(String model, String version, String from, String to, Audited deed) {
    queue.tell(
        WebhookEvent.MODEL_VERSION_STAGE_CHANGED,
        () -> map(
            "name",
            model,
            "version",
            version,
            "from_stage",
            from,
            "to_stage",
            to,
            "actor",
            deed.actor().name()));
  }

  private void requested(WebhookEvent event, String id, Audited deed) {
    queue.tell(event, () -> {
      Request request = reviews.get(Long.parseLong(id));
      Map<String, Object> data = map(
          "name", request.model(),
          "version", String.valueOf(request.version()),
          "request_id", request.id(),
          "from_stage", request.from(),
          "to_stage", request.to(),
          "state", request.state(),
          "requester", request.requester(),
          "actor", deed.actor().name(),
          "digest", request.digest());
      if (request.alias() != null) {
        data.put("alias", request.alias());
      }
      for (String more :
          new String[] {"reason", "missing", "check", "verdict", "comment", "approver"}) {
        if (field(deed.after(), more) != null) {
          data.put(more, field(deed.after(), more));
        }
      }
      return data;
    });
  }

  private void released(WebhookEvent event, String model, Audited deed) {
    queue.tell(event, () -> {
      Map<String, Object> data = map(
          "name", model,
          "release_id", Long.valueOf(field(deed.after(), "release_id")),
          "kind", deed.action().substring("release.".length()),
          "version", field(deed.after(), "version"),
          "from_version", field(deed.before(), "version"),
          "reason", field(deed.after(), "reason"),
          "actor", deed.actor().name());
      for (String figure : new String[] {"step", "percent", "shadow_percent"}) {
        if (deed.after() instanceof Map<?, ?> after && after.get(figure) != null) {
          data.put(figure, after.get(figure));
        }
      }
      return data;
    });
  }

  static String field(Object state, String name) {
    Object value = state instanceof Map<?, ?> fields ? fields.get(name) : null;
    return value == null ? null : value.toString();
  }
}
