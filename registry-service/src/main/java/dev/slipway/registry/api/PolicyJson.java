package dev.slipway.registry.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.registry.problem.RegistryException.Invalid;
import dev.slipway.registry.review.PastPolicy;
import dev.slipway.registry.review.Policy;
import dev.slipway.registry.review.PolicyGroup;
import dev.slipway.registry.review.PolicyRules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Policies in the bodies of calls. They are read strictly: a misspelt rule would guard nothing, and nobody would notice. */
@ApplicationScoped
public class PolicyJson {
  /** Shown with a policy, and of no meaning when the whole is sent back. */
  private static final List<String> SHOWN =
      List.of("id", "number", "scope", "why", "withdrawn", "created_by", "created_at");

  private final ObjectMapper json;

  PolicyJson(ObjectMapper json) {
    this.json = json;
  }

  record Groups(List<Policy> groups) {}

  record Past(List<PastPolicy> policies) {}

  /**
   * The rules in a body, which may be a whole policy as it was shown.
   *
   * @throws Invalid when it is no object
   * @throws JsonProcessingException when a rule is unknown, or not what it must be; the message says which
   */
  public PolicyRules rules(JsonNode body) throws JsonProcessingException {
    ObjectNode rules = object(body).deepCopy();
    rules.remove(SHOWN);
    rules.remove("group");
    return read(rules, PolicyRules.class);
  }

  PolicyGroup group(String name, JsonNode body) throws JsonProcessingException {
    if (!(object(body).get("group") instanceof ObjectNode group)) {
      throw new Invalid(
          "a group's policy names its models: \"group\": {\"name_prefix\": \"pay-\"}, or with tag_key and tag_value");
    }
    ObjectNode selector = group.deepCopy();
    selector.remove("name");
    PolicyGroup read = read(selector, PolicyGroup.class);
    return new PolicyGroup(name, read.namePrefix(), read.tagKey(), read.tagValue());
  }

  static Response tagged(Policy policy) {
    return Response.ok(policy).header("ETag", Web.etag(policy.id())).build();
  }

  private <T> T read(ObjectNode body, Class<T> type) throws JsonProcessingException {
    return json.readerFor(type)
        .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .treeToValue(body, type);
  }

  private static ObjectNode object(JsonNode body) {
    if (Web.body(body) instanceof ObjectNode object) {
      return object;
    }
    throw new Invalid("a policy is a JSON object with a mode: 'reviewed' or 'open'");
  }
}
