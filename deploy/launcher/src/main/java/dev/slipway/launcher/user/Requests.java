package dev.slipway.launcher.user;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;

/** One request, in a few lines. */
final class Requests {
  private Requests() {}

  static void print(Api registry, JsonNode request) {
    System.out.println(
        "request " + request.path("id") + ": " + request.path("model").asText() + ":"
            + request.path("version") + "  " + request.path("from").asText() + " → "
            + request.path("to").asText() + "  " + request.path("state").asText());
    String reason = request.path("state_reason").asText();
    if (!reason.isEmpty()) {
      System.out.println("  " + reason);
    }
    if (request.path("state").asText().equals("open")) {
      System.out.println("  " + request.path("approvals_valid") + " of "
          + request.path("approvals_needed") + " approvals; a reviewer types: slipway review "
          + request.path("id") + " --approve");
    }
    System.out.println("  " + registry.base() + "/requests/" + request.path("id"));
  }
}
