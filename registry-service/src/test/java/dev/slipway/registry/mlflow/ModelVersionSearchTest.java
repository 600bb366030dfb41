package dev.slipway.registry.mlflow;

import static dev.slipway.registry.mlflow.Mlflow.get;
import static dev.slipway.registry.mlflow.Mlflow.pair;
import static dev.slipway.registry.mlflow.Mlflow.post;
import static dev.slipway.registry.mlflow.MlflowRegistry.newModel;
import static dev.slipway.registry.mlflow.MlflowRegistry.newVersion;
import static dev.slipway.registry.mlflow.MlflowRegistry.versions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ModelVersionSearchTest {
  @Test
  void searchesFilterAndOrder() {
    String one = newModel();
    String two = newModel();
    post(
            "model-versions/create",
            Map.of(
                "name",
                one,
                "source",
                "s3://a/" + one,
                "run_id",
                "run1" + one,
                "tags",
                List.of(pair("t", one))))
        .statusCode(200);
    newVersion(one, "s3://b/" + one);
    newVersion(two, "s3://a/" + one);

    assertThat(versions("name = '" + one + "'")).containsExactly(one + "/2", one + "/1");
    assertThat(versions("name = '" + one + "'", "version_number ASC"))
        .containsExactly(one + "/1", one + "/2");
    assertThat(versions("run_id = 'run1" + one + "'")).containsExactly(one + "/1");
    assertThat(versions("run_id IN ('run1" + one + "', 'x')")).containsExactly(one + "/1");
    assertThat(versions("source_path = 's3://a/" + one + "'", "version_number"))
        .containsExactlyInAnyOrder(one + "/1", two + "/1");
    assertThat(versions("source_path LIKE 's3://b/%' and name = '" + one + "'"))
        .containsExactly(one + "/2");
    assertThat(versions("version_number > 1 and name = '" + one + "'")).containsExactly(one + "/2");
    assertThat(versions("version_number = '1' and name = '" + one + "'"))
        .containsExactly(one + "/1");
    assertThat(versions("tags.t = '" + one + "'")).containsExactly(one + "/1");
    assertThat(versions("name = 'nobody'")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "current_stage = 'None'",
        "version_number = 1.5",
        "version_number LIKE '1'",
        "source_path IN ('a')",
        "aliases = 'a'"
      })
  void whatTheGrammarDoesNotHaveIsRefused(String filter) {
    get("model-versions/search", Map.of("filter", filter))
        .statusCode(400)
        .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
  }

  @Test
  void pagesHaveLimits() {
    get("model-versions/search", Map.of("max_results", 0)).statusCode(400);
    get("model-versions/search", Map.of("max_results", 200_001)).statusCode(400);
    get("model-versions/search", Map.of("max_results", 200_000)).statusCode(200);
  }
}
