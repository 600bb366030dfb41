package dev.slipway.serving.registry;

import java.time.Instant;

/**
 * Who this process is to the registry.
 *
 * @param id stable across restarts
 * @param url where it is reached; null when that is not known
 * @param startedAt when this process started: counts begin again with each start
 */
public record ReplicaIdentity(String id, String url, Instant startedAt) {}
