package dev.slipway.registry.web;

/**
 * A file of a run.
 *
 * @param up the folder that it is in
 * @param image address of the picture itself; empty when it is none
 */
public record FileView(
    String path,
    String size,
    String digest,
    String run,
    String runHref,
    String up,
    String download,
    String image,
    Preview preview) {}
