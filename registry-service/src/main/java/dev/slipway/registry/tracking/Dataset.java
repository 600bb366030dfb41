package dev.slipway.registry.tracking;

/** Data that a run read. Name and digest identify it in its experiment; {@code schema} and {@code profile} may be null. */
public record Dataset(
    String name, String digest, String sourceType, String source, String schema, String profile) {}
