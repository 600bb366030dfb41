package dev.slipway.launcher.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.launcher.client.Api;
import dev.slipway.launcher.client.Profile;
import dev.slipway.launcher.client.ScriptedService;
import dev.slipway.launcher.client.ScriptedService.Answer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagesTest {
  @Test
  void asManyAreReadAsAreWantedHoweverFewTheRegistryGivesAtOnce() {
    try (var registry = new ScriptedService(page(0, 1000, "more+"), page(1000, 500, "rest"))) {
      JsonNode found = read(registry, 1500);

      assertThat(found.path("models")).hasSize(1500);
      assertThat(found.at("/models/1499/n").asInt()).isEqualTo(1499);
      assertThat(found.path("next_page_token").asText()).isEqualTo("rest");
      assertThat(registry.asked())
          .containsExactly(
              "GET /list?q=a&page_size=1000", "GET /list?q=a&page_size=500&page_token=more%2B");
    }
  }

  @Test
  void theLastPageEndsIt() {
    try (var registry = new ScriptedService(page(0, 1000, "more"), page(1000, 2, null))) {
      JsonNode found = read(registry, 5000);

      assertThat(found.path("models")).hasSize(1002);
      assertThat(found.has("next_page_token")).isFalse();
    }
  }

  private static JsonNode read(ScriptedService registry, int limit) {
    var api = new Api(registry.url(), new Profile(null, null, null, null), call -> {});
    return Pages.read(api, "/list?q=a", "models", limit);
  }

  private static Answer page(int from, int size, String next) {
    String items = IntStream.range(from, from + size)
        .mapToObj(n -> "{'n':" + n + "}")
        .collect(Collectors.joining(","));
    String token = next == null ? "" : ",'next_page_token':'" + next + "'";
    return Answer.ok("{'models':[" + items + "]" + token + "}");
  }
}
