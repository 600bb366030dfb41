package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;

/** Lists that may be longer than what is shown. */
final class Pages {
  private Pages() {}

  /** Says so on standard error, where a person looks and a pipe does not. */
  static void more(JsonNode answer, int shown) {
    if (answer.has("next_page_token")) {
      System.err.println("the first " + shown + "; --limit shows more");
    }
  }
}
