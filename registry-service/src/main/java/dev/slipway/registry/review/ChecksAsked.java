package dev.slipway.registry.review;

import java.util.List;

/**
 * Somebody wants a request's own checks to be made again, whatever was found before. Fired in the transaction that says so.
 *
 * @param names of the checks
 */
public record ChecksAsked(long request, long versionId, List<String> names) {}
