package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;

/**
 * One numbered record of rules.
 *
 * @param id of this record: what an approval binds
 * @param scope "model", or "server" for the default that holds where a model has none of its own
 */
public record Policy(
    @JsonProperty(access = JsonProperty.Access.READ_ONLY) long id,
    int number,
    String scope,
    @JsonUnwrapped PolicyRules rules,
    String createdBy,
    Instant createdAt) {}
