package dev.slipway.systemtests.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/** What a service answered. {@code body} is the text as it came. */
public record Answer(int status, HttpHeaders headers, String body) {

  /** The body as JSON; a missing node when it is empty. */
  public JsonNode json() {
    return Json.read(body);
  }

  /** The JSON text at {@code field}; empty when there is none. */
  public String text(String field) {
    return json().path(field).asText();
  }

  /** Itself, if the status is as expected. */
  public Answer expect(int wanted) {
    if (status != wanted) {
      throw new AssertionError("expected " + wanted + ", got " + status + ": " + body);
    }
    return this;
  }

  /** The number of the version that answered a prediction; 0 when the answer names none. */
  public int version() {
    return headers.firstValue("X-Slipway-Version").map(Integer::parseInt).orElse(0);
  }
}
