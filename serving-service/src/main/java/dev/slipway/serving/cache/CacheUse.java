package dev.slipway.serving.cache;

/** How full the cache is. {@code evictions} count since the process started. */
public record CacheUse(long bytes, long maxBytes, int versions, long evictions) {}
