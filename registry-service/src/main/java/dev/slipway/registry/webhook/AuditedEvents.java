package dev.slipway.registry.webhook;

import static dev.slipway.registry.webhook.ExamplePayloads.map;

import dev.slipway.registry.audit.Audited;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import dev.slipway.registry.review.Policies;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Turns audited deeds into deliveries, in the transaction of the deed. What nobody wants to know costs one look-up. */
@ApplicationScoped
class AuditedEvents {
  private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";
  private static final String PROMPT_TYPE_TAG = "_mlflow_prompt_type";
  private static final String PROMPT_TEXT_TAG = "mlflow.prompt.text";

  private final WebhookStore store;
  private final Models models;
  private final Versions versions;
  private final Reviews reviews;
  private final Policies policies;
  private final Event<Dispatcher.Queued> queued;
  private final Clock clock;

  AuditedEvents(
      WebhookStore store,
      Models models,
      Versions versions,
      Reviews reviews,
      Policies policies,
      Event<Dispatcher.Queued> queued,
      Clock clock) {
    this.store = store;
    this.models = models;
    this.versions = versions;
    this.reviews = reviews;
    this.policies = policies;
    this.queued = queued;
    this.clock = clock;
  }

  void tell(@Observes Audited deed) {
    String[] path = deed.object().split("/");
    if (path.length < 2 || !path[0].equals("model")) {
      return;
    }
    String model = path[1];
    String what = path.length > 3 ? path[3] : null;
    switch (deed.action()) {
      case "model.create" -> modelCreated(model);
      case "version.create" -> versionCreated(model, what);
      case "model.tag" -> modelTagged(model, deed);
      case "version.tag" -> versionTagged(model, what, deed);
      case "alias.set" ->
        either(
            model,
            WebhookEvent.MODEL_VERSION_ALIAS_CREATED,
            WebhookEvent.PROMPT_ALIAS_CREATED,
            () -> map("name", model, "alias", what, "version", field(deed.after(), "version")));
      case "alias.delete" ->
        either(
            model,
            WebhookEvent.MODEL_VERSION_ALIAS_DELETED,
            WebhookEvent.PROMPT_ALIAS_DELETED,
            () -> map("name", model, "alias", what));
      case "version.stage" ->
        stageChanged(
            model, what, field(deed.before(), "stage"), field(deed.after(), "stage"), deed);
      case "request.open" -> requested(WebhookEvent.TRANSITION_REQUEST_CREATED, what, deed);
      case "request.approve" -> requested(WebhookEvent.TRANSITION_REQUEST_APPROVED, what, deed);
      case "request.reject" -> requested(WebhookEvent.TRANSITION_REQUEST_REJECTED, what, deed);
      case "request.withdraw" -> requested(WebhookEvent.TRANSITION_REQUEST_WITHDRAWN, what, deed);
      case "release.promotion", "release.rollback" -> switched(model, deed);
      case "release.retire" -> released(WebhookEvent.RELEASE_LIVE, model, deed);
      case "release.failed" -> released(WebhookEvent.RELEASE_FAILED, model, deed);
      default -> {}
    }
  }

  private void modelCreated(String model) {
    either(model, WebhookEvent.REGISTERED_MODEL_CREATED, WebhookEvent.PROMPT_CREATED, () -> {
      ModelView view = models.get(model);
      return map("name", model, "tags", told(view.tags()), "description", view.description());
    });
  }

  private void versionCreated(String model, String number) {
    if (!store.anyoneWants(
        WebhookEvent.MODEL_VERSION_CREATED, WebhookEvent.PROMPT_VERSION_CREATED)) {
      return;
    }
    VersionView view = versions.get(model, Integer.parseInt(number));
    if (isPrompt(model)) {
      queue(WebhookEvent.PROMPT_VERSION_CREATED, () -> promptVersion(view));
    } else {
      queue(
          WebhookEvent.MODEL_VERSION_CREATED,
          () -> map(
              "name", model,
              "version", number,
              "source", view.source(),
              "run_id", filled(view.runId()),
              "tags", view.tags(),
              "description", filled(view.description())));
    }
  }

  private static Map<String, Object> promptVersion(VersionView view) {
    Map<String, String> tags = told(view.tags());
    String template = tags.remove(PROMPT_TEXT_TAG);
    return map(
        "name", view.model(),
        "version", String.valueOf(view.number()),
        "template", template,
        "tags", tags,
        "description", filled(view.description()));
  }

  private void modelTagged(String model, Audited deed) {
    if (!store.anyoneWants(WebhookEvent.PROMPT_TAG_SET, WebhookEvent.PROMPT_TAG_DELETED)
        || !isPrompt(model)) {
      return;
    }
    if (deed.after() == null) {
      tell(
          WebhookEvent.PROMPT_TAG_DELETED,
          () -> map("name", model, "key", field(deed.before(), "key")));
    } else {
      tell(
          WebhookEvent.PROMPT_TAG_SET,
          () -> map(
              "name",
              model,
              "key",
              field(deed.after(), "key"),
              "value",
              field(deed.after(), "value")));
    }
  }

  private void versionTagged(String model, String number, Audited deed) {
    if (deed.after() == null) {
      either(
          model,
          WebhookEvent.MODEL_VERSION_TAG_DELETED,
          WebhookEvent.PROMPT_VERSION_TAG_DELETED,
          () -> map("name", model, "version", number, "key", field(deed.before(), "key")));
    } else {
      either(
          model,
          WebhookEvent.MODEL_VERSION_TAG_SET,
          WebhookEvent.PROMPT_VERSION_TAG_SET,
          () -> map(
              "name",
              model,
              "version",
              number,
              "key",
              field(deed.after(), "key"),
              "value",
              field(deed.after(), "value")));
    }
  }

  private void stageChanged(String model, String version, String from, String to, Audited deed) {
    tell(
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
    tell(event, () -> {
      Request request = reviews.get(Long.parseLong(id));
      return map(
          "name", request.model(),
          "version", String.valueOf(request.version()),
          "request_id", request.id(),
          "from_stage", request.from(),
          "to_stage", request.to(),
          "state", request.state(),
          "requester", request.requester(),
          "actor", deed.actor().name(),
          "digest", request.digest());
    });
  }

  /** Under a reviewed policy the switch itself moves the stages; labels have moved before. */
  private void switched(String model, Audited deed) {
    if (!policies.inForce(model).rules().isOpen()) {
      String from = field(deed.before(), "version");
      String to = field(deed.after(), "version");
      stageChanged(model, to, null, "Production", deed);
      if (from != null && !from.equals(to)) {
        stageChanged(model, from, "Production", "Archived", deed);
      }
    }
    released(WebhookEvent.RELEASE_LIVE, model, deed);
  }

  private void released(WebhookEvent event, String model, Audited deed) {
    tell(
        event,
        () -> map(
            "name", model,
            "release_id", Long.valueOf(field(deed.after(), "release_id")),
            "kind", deed.action().substring("release.".length()),
            "version", field(deed.after(), "version"),
            "from_version", field(deed.before(), "version"),
            "reason", field(deed.after(), "reason"),
            "actor", deed.actor().name()));
  }

  private void either(
      String model,
      WebhookEvent ofModel,
      WebhookEvent ofPrompt,
      Supplier<Map<String, Object>> data) {
    if (store.anyoneWants(ofModel, ofPrompt)) {
      queue(isPrompt(model) ? ofPrompt : ofModel, data);
    }
  }

  private void tell(WebhookEvent event, Supplier<Map<String, Object>> data) {
    if (store.anyoneWants(event)) {
      queue(event, data);
    }
  }

  private void queue(WebhookEvent event, Supplier<Map<String, Object>> data) {
    if (store.queue(event, EventBody.json(event, clock.instant(), data.get()), clock.instant())
        > 0) {
      queued.fire(new Dispatcher.Queued());
    }
  }

  private boolean isPrompt(String model) {
    return models
        .find(model)
        .map(view -> "true".equalsIgnoreCase(view.tags().get(PROMPT_TAG)))
        .orElse(false);
  }

  private static Map<String, String> told(Map<String, String> tags) {
    Map<String, String> told = new HashMap<>(tags);
    told.remove(PROMPT_TAG);
    told.remove(PROMPT_TYPE_TAG);
    return told;
  }

  private static String filled(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static String field(Object state, String name) {
    Object value = state instanceof Map<?, ?> fields ? fields.get(name) : null;
    return value == null ? null : value.toString();
  }
}
