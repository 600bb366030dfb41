package dev.slipway.registry.webhook;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a webhook can be told of. Entities and actions of the first group are MLflow's ({@code webhooks.proto}); the others exist
 * only in the native API, so that MLflow's client never meets an event that it does not know.
 */
public enum WebhookEvent {
  REGISTERED_MODEL_CREATED("registered_model", "created", true),
  MODEL_VERSION_CREATED("model_version", "created", true),
  MODEL_VERSION_TAG_SET("model_version_tag", "set", true),
  MODEL_VERSION_TAG_DELETED("model_version_tag", "deleted", true),
  MODEL_VERSION_ALIAS_CREATED("model_version_alias", "created", true),
  MODEL_VERSION_ALIAS_DELETED("model_version_alias", "deleted", true),
  PROMPT_CREATED("prompt", "created", true),
  PROMPT_VERSION_CREATED("prompt_version", "created", true),
  PROMPT_TAG_SET("prompt_tag", "set", true),
  PROMPT_TAG_DELETED("prompt_tag", "deleted", true),
  PROMPT_VERSION_TAG_SET("prompt_version_tag", "set", true),
  PROMPT_VERSION_TAG_DELETED("prompt_version_tag", "deleted", true),
  PROMPT_ALIAS_CREATED("prompt_alias", "created", true),
  PROMPT_ALIAS_DELETED("prompt_alias", "deleted", true),
  MODEL_VERSION_STAGE_CHANGED("model_version", "stage_changed", false),
  TRANSITION_REQUEST_CREATED("transition_request", "created", false),
  TRANSITION_REQUEST_APPROVED("transition_request", "approved", false),
  TRANSITION_REQUEST_REJECTED("transition_request", "rejected", false),
  TRANSITION_REQUEST_WITHDRAWN("transition_request", "withdrawn", false),
  TRANSITION_REQUEST_BYPASSED("transition_request", "bypassed", false),
  TRANSITION_REQUEST_APPLIED("transition_request", "applied", false),
  TRANSITION_REQUEST_FAILED("transition_request", "failed", false),
  TRANSITION_REQUEST_EXPIRED("transition_request", "expired", false),
  TRANSITION_REQUEST_SUPERSEDED("transition_request", "superseded", false),
  TRANSITION_REQUEST_COMMENTED("transition_request", "commented", false),
  APPROVAL_VOIDED("approval", "voided", false),
  CHECK_REPORTED("check", "reported", false),
  POLICY_CHANGED("policy", "changed", false),
  SETTINGS_CHANGED("settings", "changed", false),
  REGISTERED_MODEL_DELETED("registered_model", "deleted", false),
  MODEL_VERSION_DELETED("model_version", "deleted", false),
  RELEASE_STEP("release", "step", false),
  RELEASE_UNDONE("release", "undone", false),
  RELEASE_LIVE("release", "live", false),
  RELEASE_FAILED("release", "failed", false);

  private final String entity;
  private final String action;
  private final boolean mlflow;

  WebhookEvent(String entity, String action, boolean mlflow) {
    this.entity = entity;
    this.action = action;
    this.mlflow = mlflow;
  }

  public String entity() {
    return entity;
  }

  public String action() {
    return action;
  }

  /** Whether MLflow's client knows it. */
  public boolean isMlflow() {
    return mlflow;
  }

  /** {@code model_version.created}. */
  public String label() {
    return entity + '.' + action;
  }

  /** The event of that label, in any case; empty for none. */
  public static Optional<WebhookEvent> find(String label) {
    String wanted = label.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(event -> event.label().equals(wanted)).findFirst();
  }

  @Override
  public String toString() {
    return label();
  }
}
