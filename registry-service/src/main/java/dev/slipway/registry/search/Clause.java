package dev.slipway.registry.search;

/**
 * One comparison; a filter is a list of them that must all hold.
 *
 * @param key without quotes, aliases resolved (a run's {@code created} is {@code start_time})
 */
public record Clause(Subject subject, String key, Comparison comparison, Operand operand) {}
