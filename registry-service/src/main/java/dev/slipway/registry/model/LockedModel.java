package dev.slipway.registry.model;

/**
 * A registered model whose row this transaction has locked: nobody else moves its pointer, stages or versions until the end.
 *
 * @param liveVersionId null when no version is live
 */
public record LockedModel(long id, String name, Long liveVersionId) {}
