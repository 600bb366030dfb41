package dev.slipway.registry.webhook;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a trial sends; MLflow's events carry MLflow's examples ({@code mlflow.webhooks.types}). */
final class ExamplePayloads {
  private ExamplePayloads() {}

  static Map<String, Object> of(WebhookEvent event) {
    return switch (event) {
      case REGISTERED_MODEL_CREATED -> described("example_model", "An example registered model");
      case MODEL_VERSION_CREATED -> version();
      case MODEL_VERSION_TAG_SET -> tag("example_model", "example_value");
      case MODEL_VERSION_TAG_DELETED -> tag("example_model", null);
      case MODEL_VERSION_ALIAS_CREATED -> alias("example_model", "1");
      case MODEL_VERSION_ALIAS_DELETED -> alias("example_model", null);
      case PROMPT_CREATED -> described("example_prompt", "An example prompt");
      case PROMPT_VERSION_CREATED -> promptVersion();
      case PROMPT_TAG_SET ->
        map("name", "example_prompt", "key", "example_key", "value", "example_value");
      case PROMPT_TAG_DELETED -> map("name", "example_prompt", "key", "example_key");
      case PROMPT_VERSION_TAG_SET -> tag("example_prompt", "example_value");
      case PROMPT_VERSION_TAG_DELETED -> tag("example_prompt", null);
      case PROMPT_ALIAS_CREATED -> alias("example_prompt", "1");
      case PROMPT_ALIAS_DELETED -> alias("example_prompt", null);
      case MODEL_VERSION_STAGE_CHANGED ->
        map(
            "name",
            "example_model",
            "version",
            "1",
            "from_stage",
            "None",
            "to_stage",
            "Staging",
            "actor",
            "alice");
      case TRANSITION_REQUEST_CREATED,
          TRANSITION_REQUEST_APPROVED,
          TRANSITION_REQUEST_REJECTED,
          TRANSITION_REQUEST_WITHDRAWN,
          TRANSITION_REQUEST_BYPASSED,
          TRANSITION_REQUEST_APPLIED,
          TRANSITION_REQUEST_FAILED,
          TRANSITION_REQUEST_EXPIRED,
          TRANSITION_REQUEST_SUPERSEDED -> request(event);
      case TRANSITION_REQUEST_COMMENTED, APPROVAL_VOIDED -> discussed(event);
      case CHECK_REPORTED -> check();
      case POLICY_CHANGED -> map("name", "example_model", "policy", 2, "actor", "root");
      case SETTINGS_CHANGED -> map("name", "example_model", "number", 2L, "actor", "rita");
      case REGISTERED_MODEL_DELETED -> map("name", "example_model", "actor", "alice");
      case MODEL_VERSION_DELETED ->
        map("name", "example_model", "version", "1", "stage", "None", "actor", "alice");
      case RELEASE_STEP, RELEASE_UNDONE, RELEASE_LIVE, RELEASE_FAILED -> release(event);
    };
  }

  private static Map<String, Object> described(String name, String description) {
    return map(
        "name", name, "tags", Map.of("example_key", "example_value"), "description", description);
  }

  private static Map<String, Object> version() {
    return map(
        "name", "example_model",
        "version", "1",
        "source", "models:/123",
        "run_id", "abcd1234abcd5678",
        "tags", Map.of("example_key", "example_value"),
        "description", "An example model version");
  }

  private static Map<String, Object> promptVersion() {
    return map(
        "name", "example_prompt",
        "version", "1",
        "template", "Hello {{name}}!",
        "tags", Map.of("example_key", "example_value"),
        "description", "An example prompt version");
  }

  private static Map<String, Object> tag(String name, String value) {
    Map<String, Object> tag = map("name", name, "version", "1", "key", "example_key");
    if (value != null) {
      tag.put("value", value);
    }
    return tag;
  }

  private static Map<String, Object> alias(String name, String version) {
    Map<String, Object> alias = map("name", name, "alias", "example_alias");
    if (version != null) {
      alias.put("version", version);
    }
    return alias;
  }

  private static Map<String, Object> request(WebhookEvent event) {
    return map(
        "name", "example_model",
        "version", "1",
        "request_id", 1,
        "from_stage", "Staging",
        "to_stage", "Production",
        "state", state(event),
        "requester", "alice",
        "actor", event == WebhookEvent.TRANSITION_REQUEST_CREATED ? "alice" : "bob");
  }

  private static String state(WebhookEvent event) {
    return switch (event) {
      case TRANSITION_REQUEST_CREATED -> "open";
      case TRANSITION_REQUEST_BYPASSED -> "applied";
      default -> event.action();
    };
  }

  private static Map<String, Object> check() {
    Map<String, Object> check = request(WebhookEvent.TRANSITION_REQUEST_CREATED);
    check.put("check", "ci/build");
    check.put("verdict", "green");
    return check;
  }

  private static Map<String, Object> discussed(WebhookEvent event) {
    Map<String, Object> request = request(WebhookEvent.TRANSITION_REQUEST_CREATED);
    if (event == WebhookEvent.APPROVAL_VOIDED) {
      request.put("approver", "bob");
      request.put("reason", "the policy changed");
      request.put("actor", "slipway");
    } else {
      request.put("comment", "why now?");
      request.put("actor", "bob");
    }
    return request;
  }

  private static Map<String, Object> release(WebhookEvent event) {
    return map(
        "name", "example_model",
        "release_id", 1,
        "kind", event == WebhookEvent.RELEASE_LIVE ? "promotion" : event.action(),
        "version", "2",
        "from_version", "1",
        "reason", null,
        "actor", "rita");
  }

  /** Keys and values in turn, in their order. */
  static Map<String, Object> map(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
