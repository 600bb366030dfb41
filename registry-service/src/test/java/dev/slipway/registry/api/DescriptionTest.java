package dev.slipway.registry.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API's own description ({@code /q/openapi}) says what the API does: clients are generated from it. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class DescriptionTest {
  private static final String V1 = "/api/v1";
  private static final String HOOK =
      "{\"name\":\"described\",\"url\":\"https://example.com\",\"events\":[\"model_version.created\"],\"status\":\"disabled\"}";
  private static final String MODEL = "/models/{model}";
  private static final String VERSION = MODEL + "/versions/{version}";

  private JsonNode described;

  @BeforeEach
  void read() throws IOException {
    described =
        new ObjectMapper().readTree(given().get("/q/openapi?format=json").asString());
  }

  @Test
  void namesAreThoseOfTheWire() {
    List<String> others = new ArrayList<>();
    described
        .at("/components/schemas")
        .properties()
        .forEach(schema -> schema
            .getValue()
            .path("properties")
            .fieldNames()
            .forEachRemaining(name -> {
              if (!name.matches("[a-z0-9_]+")) {
                others.add(schema.getKey() + "." + name);
              }
            }));
    assertThat(others).isEmpty();
  }

  /** An operation whose answer is {@code {}} names no record. */
  @Test
  void everyNativeAnswerHasAForm() {
    described
        .path("paths")
        .properties()
        .forEach(path -> path.getValue().properties().forEach(operation -> {
          if (path.getKey().startsWith(V1)) {
            operation.getValue().path("responses").properties().forEach(response -> {
              JsonNode schema = response.getValue().at("/content/application~1json/schema");
              assertThat(schema.isMissingNode() || !fields(resolved(schema)).isEmpty())
                  .as("%s %s: %s", operation.getKey(), path.getKey(), response)
                  .isTrue();
            });
          }
        }));
    assertThat(described
            .at("/components/schemas/DeliveryPage/properties/deliveries/items/$ref")
            .asText())
        .endsWith("/Delivery");
  }

  @Test
  void everyPathsParametersAreDescribed() {
    described
        .path("paths")
        .properties()
        .forEach(path -> path.getValue().properties().forEach(operation -> {
          List<String> named = operation.getValue().path("parameters").findValuesAsText("name");
          for (String part : path.getKey().split("\\{")) {
            if (part.contains("}")) {
              assertThat(named).as(path.getKey()).contains(part.substring(0, part.indexOf('}')));
            }
          }
        }));
  }

  @Test
  void answersAreAsDescribed() {
    String model = "described";
    check(Method.POST, "/models", "{\"name\":\"" + model + "\",\"tags\":{\"a\":\"b\"}}");
    check(Method.GET, MODEL, null);
    check(Method.PATCH, MODEL, "{\"description\":\"what it is\"}");
    check(Method.POST, MODEL + "/versions", "{\"description\":\"one\"}");
    given()
        .body("x".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
        .contentType("application/octet-stream")
        .put(V1 + VERSION + "/files/model.onnx", model, 1)
        .then()
        .statusCode(201);
    check(Method.POST, VERSION + "/complete", "{}");
    check(Method.GET, VERSION, null);
    check(Method.PUT, MODEL + "/aliases/{alias}", "{\"version\":1}");
    check(Method.POST, MODEL + "/requests", "{\"version\":1,\"to\":\"Staging\"}");
    check(Method.GET, MODEL + "/requests", null);
    check(Method.GET, MODEL + "/history", null);
    check(Method.GET, MODEL + "/policy", null);
    check(Method.PUT, MODEL + "/settings", "{\"max_queue\":7}");
    check(Method.GET, "/policies", null);
    check(Method.GET, "/audit", null);
    check(Method.GET, "/models", null);
    check(Method.GET, MODEL + "/versions", null);
    check(Method.GET, VERSION + "/files", null);
    check(Method.GET, VERSION + "/lineage", null);
    check(Method.GET, "/requests", null);
    check(Method.GET, "/replicas", null);
    check(Method.GET, "/principals", null);
    check(Method.POST, "/webhooks", HOOK);
    String hook = given().get(V1 + "/webhooks").path("webhooks.find { it.name == 'described' }.id");
    check(Method.GET, "/webhooks", null);
    given()
        .header("X-Slipway-User", "root")
        .delete(V1 + "/webhooks/" + hook)
        .then()
        .statusCode(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/models/none|application/problem+json",
        "/models?page_size=0|application/problem+json",
        "/requests/999999|application/problem+json"
      })
  void errorsAreAsDescribed(String path, String mediaType) {
    Response answer = given().get(V1 + path);
    assertThat(answer.contentType()).isEqualTo(mediaType);
    JsonNode schema = resolved(described
        .path("paths")
        .path(V1
            + path.replaceAll("none", "{model}")
                .replaceAll("999999", "{id}")
                .replaceAll("\\?.*", ""))
        .path("get")
        .path("responses")
        .path("default")
        .path("content")
        .path(mediaType)
        .path("schema"));
    assertThat(answer.jsonPath().getMap("").keySet()).containsAll(fields(schema));
  }

  /** Calls the operation on the model of this test, and compares status and names with what is described. */
  private void check(Method method, String path, String body) {
    var call = given().header("X-Slipway-User", "alice");
    if (body != null) {
      call.contentType("application/json").body(body);
    }
    Response answer = call.request(
        method,
        V1
            + path.replace("{model}", "described")
                .replace("{version}", "1")
                .replace("{alias}", "best"));
    JsonNode operation =
        described.path("paths").path(V1 + path).path(method.name().toLowerCase(Locale.ROOT));
    JsonNode response = operation.path("responses").path(String.valueOf(answer.statusCode()));
    assertThat(response.isObject())
        .as("%s %s: %d is described; %s", method, path, answer.statusCode(), answer.asString())
        .isTrue();
    JsonNode schema = resolved(response.at("/content/application~1json/schema"));
    assertThat(fields(schema)).as("%s %s", method, path).isNotEmpty();
    assertFits(method + " " + path, json(answer), schema);
  }

  /** As far as the generator describes: types, the names of objects, and what is in them. */
  private void assertFits(String where, JsonNode value, JsonNode given) {
    JsonNode schema = resolved(given);
    String type = schema.path("type").asText();
    switch (type) {
      case "object" -> {
        assertThat(value.isObject()).as("%s is an object: %s", where, value).isTrue();
        value.properties().forEach(field -> {
          JsonNode inner = schema.path("properties").path(field.getKey());
          assertThat(inner.isObject() || !schema.has("properties"))
              .as("%s.%s is described", where, field.getKey())
              .isTrue();
          assertFits(where + "." + field.getKey(), field.getValue(), inner);
        });
      }
      case "array" -> {
        assertThat(value.isArray()).as("%s is a list: %s", where, value).isTrue();
        value.forEach(item -> assertFits(where + "[]", item, schema.path("items")));
      }
      case "string" -> assertThat(value.isTextual()).as("%s: %s", where, value).isTrue();
      case "integer" ->
        assertThat(value.isIntegralNumber()).as("%s: %s", where, value).isTrue();
      case "number" -> assertThat(value.isNumber()).as("%s: %s", where, value).isTrue();
      case "boolean" -> assertThat(value.isBoolean()).as("%s: %s", where, value).isTrue();
      default -> assertThat(type).as("%s: %s", where, schema).isEmpty();
    }
  }

  private static JsonNode json(Response answer) {
    try {
      return new ObjectMapper().readTree(answer.asString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? described.at(schema.path("$ref").asText().substring(1)) : schema;
  }

  private static List<String> fields(JsonNode schema) {
    List<String> names = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }
}
