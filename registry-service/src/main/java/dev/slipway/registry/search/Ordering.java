package dev.slipway.registry.search;

/** One key of an {@code order_by} list; the key without quotes, aliases resolved. */
public record Ordering(Subject subject, String key, boolean ascending) {}
