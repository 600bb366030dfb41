package dev.slipway.registry.tracking;

/** A point of a history that spans several runs. */
public record RunMetric(String runId, Metric metric) {}
