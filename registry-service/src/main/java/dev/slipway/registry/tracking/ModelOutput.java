package dev.slipway.registry.tracking;

/** A logged model that a run wrote at a step. */
public record ModelOutput(String modelId, long step) {}
