package dev.slipway.registry.model;

import java.util.List;

/** One page of a listing by key; {@code nextToken} is null on the last. */
public record Page<T>(List<T> items, String nextToken) {}
