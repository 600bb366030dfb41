package dev.slipway.registry.review;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A numbered record of a scope's policy, in force or not.
 *
 * @param withdrawn whether it took the scope's policy away; its rules are those that held until then
 */
public record PastPolicy(@JsonUnwrapped Policy policy, boolean withdrawn) {}
