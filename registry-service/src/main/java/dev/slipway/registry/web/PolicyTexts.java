package dev.slipway.registry.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.registry.api.PolicyJson;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.review.PolicyRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Policies and settings as the text of a form. */
@ApplicationScoped
class PolicyTexts {
  private final ObjectMapper json;
  private final PolicyJson policies;

  PolicyTexts(ObjectMapper json, PolicyJson policies) {
    this.json = json;
    this.policies = policies;
  }

  String text(Object value) {
    try {
      JsonNode tree = json.valueToTree(value);
      if (tree instanceof ObjectNode object) {
        withoutNulls(object);
      }
      return json.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @throws Invalid when it is no policy; the message says where */
  PolicyRules rules(String text) {
    try {
      return policies.rules(json.readTree(text));
    } catch (JsonProcessingException e) {
      throw told("policy", e);
    }
  }

  /** @throws Invalid when they are no settings; the message says where */
  ServingSettings settings(String text) {
    try {
      return json.readerFor(ServingSettings.class)
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(text);
    } catch (JsonProcessingException e) {
      throw told("settings", e);
    }
  }

  /** The form filled in with {@code settings}. */
  SettingsFields fields(ServingSettings settings) {
    ObjectNode tree = json.valueToTree(settings);
    withoutNulls(tree);
    return SettingsFields.of(tree);
  }

  /** @throws Invalid when they are no settings: the fields say where, or the message */
  ServingSettings settings(SettingsFields fields) {
    String body = fields.body(json).toString();
    int wrong = fields.errors().size();
    if (wrong > 0) {
      throw new Invalid(PolicyCards.notUnderstood(wrong));
    }
    return settings(body);
  }

  /** What is set, for people. */
  List<ModelBoard.Pair> set(ServingSettings settings) {
    List<ModelBoard.Pair> pairs = new ArrayList<>();
    json.valueToTree(settings).properties().forEach(it -> {
      if (!it.getValue().isNull()) {
        pairs.add(new ModelBoard.Pair(
            it.getKey().replace('_', ' '),
            it.getValue().isValueNode() ? it.getValue().asText() : it.getValue().toString()));
      }
    });
    return pairs;
  }

  private static Invalid told(String what, JsonProcessingException e) {
    String place = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    return new Invalid("the " + what + " cannot be read: " + e.getOriginalMessage() + place);
  }

  private static void withoutNulls(ObjectNode object) {
    object.properties().removeIf(it -> it.getValue().isNull());
    object.forEach(child -> {
      if (child instanceof ObjectNode inner) {
        withoutNulls(inner);
      }
    });
  }
}
