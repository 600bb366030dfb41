package dev.slipway.registry.webhook;

import static dev.slipway.registry.webhook.ExamplePayloads.map;
import static dev.slipway.registry.webhook.WorkflowEvents.field;

import dev.slipway.registry.audit.Audited;
import dev.slipway.registry.model.ModelView;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.model.VersionView;
import dev.slipway.registry.model.Versions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Turns audited deeds into deliveries, in the transaction of the deed. What nobody wants to know costs one look-up. */
@ApplicationScoped
class AuditedEvents {
  private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";
  private static final String PROMPT_TYPE_TAG = "_mlflow_prompt_type";
  private static final String PROMPT_TEXT_TAG = "mlflow.prompt.text";

  private final EventQueue queue;
  private final WorkflowEvents workflow;
  private final Models models;
  private final Versions versions;

  AuditedEvents(EventQueue queue, WorkflowEvents workflow, Models models, Versions versions) {
    this.queue = queue;
    this.workflow = workflow;
    this.models = models;
    this.versions = versions;
  }

  void tell(@Observes Audited deed) {
    String[] path = deed.object().split("/");
    if (deed.action().equals("policy.change")) {
      workflow.policyChanged(path, deed);
      return;
    }
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
        workflow.stageChanged(
            model, what, field(deed.before(), "stage"), field(deed.after(), "stage"), deed);
      default -> workflow.tell(model, what, deed);
    }
  }

  private void modelCreated(String model) {
    either(model, WebhookEvent.REGISTERED_MODEL_CREATED, WebhookEvent.PROMPT_CREATED, () -> {
      ModelView view = models.get(model);
      return map("name", model, "tags", told(view.tags()), "description", view.description());
    });
  }

  private void versionCreated(String model, String number) {
    if (!queue.isWanted(WebhookEvent.MODEL_VERSION_CREATED, WebhookEvent.PROMPT_VERSION_CREATED)) {
      return;
    }
    VersionView view = versions.get(model, Integer.parseInt(number));
    if (isPrompt(model)) {
      queue.add(WebhookEvent.PROMPT_VERSION_CREATED, () -> promptVersion(view));
    } else {
      queue.add(
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
    if (!queue.isWanted(WebhookEvent.PROMPT_TAG_SET, WebhookEvent.PROMPT_TAG_DELETED)
        || !isPrompt(model)) {
      return;
    }
    if (deed.after() == null) {
      queue.tell(
          WebhookEvent.PROMPT_TAG_DELETED,
          () -> map("name", model, "key", field(deed.before(), "key")));
    } else {
      queue.tell(
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

  private void either(
      String model,
      WebhookEvent ofModel,
      WebhookEvent ofPrompt,
      Supplier<Map<String, Object>> data) {
    if (queue.isWanted(ofModel, ofPrompt)) {
      queue.add(isPrompt(model) ? ofPrompt : ofModel, data);
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
}
