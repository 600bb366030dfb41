package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;

/**
 * One numbered record of rules.
 *
 * @param id of this record: what an approval binds
 * @param scope "model"; "group", for models that are called or tagged alike; or "server" for the default that holds for the others
 * @param group the group's name and models; null in another scope
 */
public record Policy(
    @JsonProperty(access = JsonProperty.Access.READ_ONLY) long id,
    int number,
    String scope,
    PolicyGroup group,
    @JsonUnwrapped PolicyRules rules,
    String createdBy,
    Instant createdAt) {

  /** Why this policy holds for a model, in a line for people. */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String why() {
    return switch (scope) {
      case "model" -> "the model has a policy of its own";
      case "group" -> "group '" + group.name() + "': " + group.why();
      default -> "the server's default: the model has no policy of its own and is in no group";
    };
  }
}
