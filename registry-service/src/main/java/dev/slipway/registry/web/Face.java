package dev.slipway.registry.web;

import io.quarkus.qute.TemplateInstance;

/**
 * A page for people, and the same for programs.
 *
 * @param data what the page was made of, in the records of the API where it has them
 */
record Face(TemplateInstance page, Object data) {}
