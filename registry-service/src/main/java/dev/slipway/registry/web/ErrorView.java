package dev.slipway.registry.web;

/**
 * What is below the notice on the page of an error.
 *
 * @param advice what to do now
 * @param requestId null where it is not known
 */
public record ErrorView(String advice, String requestId) {}
