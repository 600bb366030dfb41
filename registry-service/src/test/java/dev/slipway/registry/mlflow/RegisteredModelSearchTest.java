package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.pair;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RegisteredModelSearchTest {
  @Test
  void searchesFilterByNameAndTag() {
    String prefix = "s" + UUID.randomUUID().toString().substring(0, 8);
    for (String suffix : List.of("A", "b", "C")) {
      post(
              "registered-models/create",
              Map.of(
                  "name", prefix + suffix, "tags", List.of(pair("t", suffix), pair("all", prefix))))
          .statusCode(200);
    }
    assertThat(names("name like '" + prefix + "%'"))
        .containsExactly(prefix + "A", prefix + "C", prefix + "b");
    assertThat(names("name ilike '" + prefix + "a'")).containsExactly(prefix + "A");
    assertThat(names("name = '" + prefix + "b'")).containsExactly(prefix + "b");
    assertThat(names("name IN ('" + prefix + "b', '" + prefix + "C')"))
        .containsExactly(prefix + "C", prefix + "b");
    assertThat(names("tags.all = '" + prefix + "' and tag.t != 'b'"))
        .containsExactly(prefix + "A", prefix + "C");
    assertThat(names("tags.`all` = '" + prefix + "'", "name DESC"))
        .containsExactly(prefix + "b", prefix + "C", prefix + "A");
    assertThat(names("tags.all = '" + prefix + "'", "timestamp DESC"))
        .containsExactly(prefix + "C", prefix + "b", prefix + "A");
  }

  @Test
  void aBackslashInAPatternStandsForItself() {
    String prefix = "b" + UUID.randomUUID().toString().substring(0, 8);
    post("registered-models/create", Map.of("name", prefix + "\\x")).statusCode(200);
    assertThat(names("name LIKE '" + prefix + "\\%'")).containsExactly(prefix + "\\x");
    assertThat(names("name ILIKE \"" + prefix + "\\\"")).isEmpty();
  }

  @Test
  void searchesGoPageByPage() {
    String prefix = "p" + UUID.randomUUID().toString().substring(0, 8);
    for (int i = 0; i < 5; i++) {
      post("registered-models/create", Map.of("name", prefix + i)).statusCode(200);
    }
    var seen = new ArrayList<String>();
    String token = "";
    do {
      var page = get(
              "registered-models/search",
              Map.of(
                  "filter", "name LIKE '" + prefix + "%'", "max_results", 2, "page_token", token))
          .statusCode(200)
          .extract();
      List<String> names = page.path("registered_models.name");
      assertThat(names).hasSizeLessThanOrEqualTo(2);
      seen.addAll(names);
      token = page.path("next_page_token");
    } while (token != null);
    assertThat(seen)
        .containsExactly(prefix + "0", prefix + "1", prefix + "2", prefix + "3", prefix + "4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name = 'a' OR name = 'b'",
        "name like",
        "run_id = 'x'",
        "version = 3",
        "name = unquoted",
        "tags.a > 'b'",
      })
  void whatTheGrammarDoesNotHaveIsRefused(String filter) {
    get("registered-models/search", Map.of("filter", filter))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
  }

  @Test
  void pagesHaveALimit() {
    get("registered-models/search", Map.of("max_results", 1001))
        .statusCode(400)
        .body("message", containsString("max_results"));
    get("registered-models/search", Map.of("max_results", 1000)).statusCode(200);
    get("registered-models/search", Map.of("page_token", "bad"))
        .statusCode(400)
        .body("message", equalTo("Invalid page token, could not base64-decode"));
  }

  @Test
  void promptsAreFoundOnlyWhenAskedFor() {
    String name = "prompt-" + UUID.randomUUID();
    post(
            "registered-models/create",
            Map.of("name", name, "tags", List.of(pair("mlflow.prompt.is_prompt", "true"))))
        .statusCode(200);
    assertThat(names("name = '" + name + "'")).isEmpty();
    assertThat(names("name = '" + name + "' AND tags.`mlflow.prompt.is_prompt` = 'true'"))
        .containsExactly(name);
  }
}
