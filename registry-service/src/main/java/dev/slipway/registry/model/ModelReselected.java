package dev.slipway.registry.model;

/**
 * Fired, synchronously and inside the transaction, when a model's name or tags changed and the database has them: what holds for
 * models by name or tag may hold for other ones now.
 */
public record ModelReselected(long modelId) {}
