package dev.slipway.registry.model;

/**
 * Fired, synchronously and inside the transaction, when something changed that the feed shows: aliases, model tags, a name. The
 * release feature listens and moves the feed's revision.
 */
public record FeedRelevantChange(String model) {}
