package dev.slipway.serving.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.serving.wire.Gateway.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The document of each model, and the two forms of the friendly endpoint. */
@QuarkusTest
@TestProfile(ServesFixtures.class)
class OpenApiTest {
  private static final String IRIS = "/models/iris-logreg/predict";
  private static final String FLOWERS = "[[5.1,3.5,1.4,0.2],[6,3,5,2]]";

  @Inject
  FixtureServables servables;

  @AfterEach
  void everyHandleIsClosed() {
    await().untilAsserted(() -> assertThat(servables.open()).isZero());
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void examplesWork(JsonNode document) {
    var path = document.get("paths").properties().iterator().next();
    JsonNode content = path.getValue().at("/post/requestBody/content");
    assertThat(content.at("/application~1json/example").isObject()).isTrue();
    content.properties().forEach(form -> {
      JsonNode example = form.getValue().get("example");
      String body = example.isTextual() ? example.asText() : example.toString();
      Answer answer = Gateway.post(path.getKey(), body, "Content-Type", form.getKey());
      assertThat(answer.status()).as("%s %s", path.getKey(), body).isEqualTo(200);
    });
    JsonNode schemas = document.at("/components/schemas");
    String rows = schemas.at("/Rows/examples/0").toString();
    String columns = schemas.at("/Request/properties/columns/examples/0").toString();
    if (!rows.isEmpty()) {
      works(path.getKey(), rows);
      works(path.getKey(), "{\"rows\":" + rows + "}");
      works(path.getKey(), "{\"columns\":" + columns + "}");
    }
  }

  private static void works(String path, String body) {
    assertThat(Gateway.post(path, body).status()).as("%s %s", path, body).isEqualTo(200);
  }

  @Test
  void everyModelsExamplesWorkWhenPasted() {
    assertThat(servables.models()).hasSizeGreaterThan(20);
    for (String model : servables.models()) {
      Answer answer = Gateway.get("/models/" + encoded(model) + "/openapi.json");
      assertThat(answer.status()).as(model).isEqualTo(200);
      JsonNode document = answer.json();
      assertThat(document.at("/info/title").asText()).isEqualTo(model);
      assertThat(document.at("/info/version").asText()).isEqualTo("1");
      assertThat(document.at("/info/description").asText())
          .contains(answer.header("X-Slipway-Digest"));
      examplesWork(document);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/models/iris-logreg/versions/2/openapi.json",
        "/models/iris-logreg/openapi.json?stage=Staging"
      })
  void aNamedVersionHasADocumentOfItsOwnPath(String path) {
    JsonNode document = Gateway.get(path).json();
    assertThat(document.get("paths").has("/models/iris-logreg/versions/2/predict"))
        .isTrue();
    examplesWork(document);
  }

  @Test
  void theSchemasSayWhatTheSignatureSays() {
    JsonNode schemas =
        Gateway.get("/models/iris-logreg/openapi.json").json().at("/components/schemas");
    JsonNode input = schemas.at("/Request/properties/inputs/properties/X");
    assertThat(input.get("description").asText()).isEqualTo("FP32 [-1, 4]");
    assertThat(input.has("minItems")).isFalse();
    assertThat(input.at("/items/minItems").asInt()).isEqualTo(4);
    assertThat(schemas.at("/Rows/examples/0/0/X")).hasSize(4);
    assertThat(schemas.at("/Rows/items/anyOf")).hasSize(2);
    assertThat(schemas.at("/Request/properties/columns/examples/0/X/0")).hasSize(4);
    assertThat(schemas.at("/Request/oneOf")).hasSize(3);
    assertThat(schemas
            .at("/Answer/properties/outputs/properties/label/items/maximum")
            .asText())
        .isEqualTo("9223372036854775807");
    assertThat(Gateway.get("/models/identity-uint64/openapi.json")
            .json()
            .at("/components/schemas/Request/properties/inputs/properties")
            .toString())
        .contains("\"maximum\":18446744073709551615");
  }

  @Test
  void aRowOfBareValuesHasOneForEachInput() {
    JsonNode row = Gateway.get("/models/encoder/openapi.json")
        .json()
        .at("/components/schemas/Rows/items/anyOf/1");
    assertThat(row.get("prefixItems")).hasSize(2);
    assertThat(row.path("minItems").asInt()).isEqualTo(2);
    assertThat(Gateway.post("/models/encoder/predict", "[[[1]]]").status()).isEqualTo(400);
  }

  @Test
  void theExampleIsTheOneThatTheModelWasLoggedWith() {
    JsonNode document = Gateway.get("/models/with-example/openapi.json").json();
    assertThat(document
            .at("/paths/~1models~1with-example~1predict/post/requestBody/content")
            .at("/application~1json/example/inputs/X")
            .toString())
        .isEqualTo("[[5.1,3.5,1.4,0.2],[6.0,3.0,5.0,2.0]]");
  }

  @Test
  void aModelThatIsNotHereHasNone() {
    Answer answer = Gateway.get("/models/nobody/openapi.json");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(Gateway.get("/models/iris-logreg/versions/9/openapi.json").status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/csv|text/csv",
        "text/csv, application/json;q=0.5|text/csv",
        "text/*|text/csv",
        "application/json;q=0, */*|text/csv",
        "*/*|application/json",
        "text/html, application/xhtml+xml, */*;q=0.8|application/json",
        "application/json, text/csv|application/json"
      })
  void theAnswersFormIsTheOneThatTheCallerLikesBest(String accept, String type) {
    Answer answer = Gateway.post(IRIS, FLOWERS, "Accept", accept);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith(type);
  }

  @Test
  void csvHasALineForEachRow() {
    Answer answer = Gateway.post(IRIS, FLOWERS, "Accept", "text/csv");
    String[] lines = new String(answer.bytes(), StandardCharsets.UTF_8).split("\r\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).isEqualTo("label,probabilities_0,probabilities_1,probabilities_2");
    JsonNode outputs = Gateway.post(IRIS, FLOWERS).json().get("outputs");
    for (int row = 0; row < 2; row++) {
      String[] cells = lines[row + 1].split(",");
      assertThat(cells[0]).isEqualTo(outputs.get("label").get(row).asText());
      for (int i = 0; i < 3; i++) {
        assertThat(Float.parseFloat(cells[i + 1]))
            .isEqualTo(outputs.get("probabilities").get(row).get(i).floatValue());
      }
    }
    Answer words = Gateway.post(
        "/models/identity-bytes/predict", "[[\"a,b \\\"c\\\"\"]]", "Accept", "text/csv");
    assertThat(new String(words.bytes(), StandardCharsets.UTF_8)).contains("\"a,b \"\"c\"\"\"");
  }

  @Test
  void otherFormsAreRefusedInTheEndpointsOwn() {
    Answer accept = Gateway.post(IRIS, FLOWERS, "Accept", "application/xml");
    assertThat(accept.status()).isEqualTo(406);
    assertThat(accept.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(accept.json().get("type").asText()).isEqualTo("urn:slipway:problem:not-acceptable");
    Answer type = Gateway.post(IRIS, FLOWERS, "Content-Type", "application/xml");
    assertThat(type.status()).isEqualTo(415);
    assertThat(type.json().get("detail").asText()).contains("application/json or text/csv");
    for (String taken : new String[] {
      "application/x-www-form-urlencoded",
      "application/vnd.x+json",
      "application/json; charset=utf-8"
    }) {
      assertThat(Gateway.post(IRIS, FLOWERS, "Content-Type", taken).status()).isEqualTo(200);
    }
  }
}
