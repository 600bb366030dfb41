package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.launcher.client.Api;

/** Lists that may be longer than what is shown, and than what the registry gives at once. */
final class Pages {
  private static final String NEXT = "next_page_token";
  private static final int LARGEST = 1_000;

  private Pages() {}

  /**
   * As many as are wanted, page after page, as one answer.
   *
   * @param path with its query, if it has one
   * @param list the field that holds them
   */
  static JsonNode read(Api registry, String path, String list, int limit) {
    String query = path + (path.contains("?") ? "&" : "?") + "page_size=";
    JsonNode first = registry.get(query + Math.min(limit, LARGEST));
    if (!(first instanceof ObjectNode answer) || !(first.get(list) instanceof ArrayNode all)) {
      return first;
    }
    while (answer.has(NEXT) && all.size() < limit) {
      JsonNode page = registry.get(query + Math.min(limit - all.size(), LARGEST) + "&page_token="
          + Api.segment(answer.path(NEXT).asText()));
      answer.remove(NEXT);
      page.path(list).forEach(all::add);
      if (page.has(NEXT)) {
        answer.set(NEXT, page.get(NEXT));
      }
    }
    return answer;
  }

  /** Says so on standard error, where a person looks and a pipe does not. */
  static void more(JsonNode answer, int shown) {
    if (answer.has(NEXT)) {
      System.err.println("the first " + shown + "; --limit shows more");
    }
  }
}
