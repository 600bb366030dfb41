package dev.slipway.systemtests.history;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An operation and its answer.
 *
 * @param sent when it was sent, by {@link System#nanoTime}
 * @param answered when its answer was there, or it was given up
 * @param status 0 when there was no answer, and it may have happened or not
 */
record Observation(Operation operation, long sent, long answered, int status, JsonNode body) {
  /** Whether it is known to have happened. */
  boolean succeeded() {
    return status >= 200 && status < 300;
  }

  /** Whether it is not known what became of it: no answer, or one that blames the server. */
  boolean isUnknown() {
    return status == 0 || status >= 500;
  }

  /** The refusal's kind; empty when it has none. */
  String problem() {
    String type = body == null ? "" : body.path("type").asText();
    return type.substring(type.lastIndexOf(':') + 1);
  }
}
