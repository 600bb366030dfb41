package dev.slipway.registry.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.not;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A null among a list's or a map's values, and a body that is not JSON, are the caller's mistakes. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class NullsTest {
  private static final String MODEL = "/api/v1/models/nulls";

  @BeforeEach
  void create() {
    given().contentType("application/json").body(Map.of("name", "nulls")).post("/api/v1/models");
    given().contentType("application/json").body("{}").post(MODEL + "/versions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST|/api/v1/models|{\"name\":\"n\",\"tags\":{\"a\":null}}",
        "POST|/api/v1/models/nulls/versions|{\"tags\":{\"a\":null}}",
        "POST|/api/v1/models/nulls/versions/1/complete|{\"files\":[null]}",
        "POST|/api/v1/webhooks|{\"name\":\"n\",\"url\":\"https://example.com\",\"events\":[null]}",
        "PUT|/api/v1/models/nulls/settings|{\"release\":{\"kind\":\"canary\",\"steps\":[null]}}",
        "PUT|/api/v1/models/nulls/policy|{\"mode\":\"reviewed\",\"bypass_roles\":[null]}",
        "PUT|/api/v1/models/nulls/policy|{\"mode\":\"reviewed\",\"protected_aliases\":[null]}",
        "PUT|/api/v1/models/nulls/policy|{\"mode\":\"reviewed\",\"moves\":{\"Production\":{\"checks\":[null]}}}"
      })
  void aNullAmongTheValuesIsRefused(Method method, String path, String body) {
    given()
        .header("X-Slipway-User", "root")
        .contentType("application/json")
        .body(body)
        .request(method, path)
        .then()
        .statusCode(400)
        .body("detail", not(emptyOrNullString()));
  }

  @Test
  void textIsNoJson() {
    for (String path : new String[] {MODEL + "/tags/a", MODEL + "/versions/1/tags/a"}) {
      given()
          .contentType("text/plain")
          .body("{\"value\":\"x\"}")
          .put(path)
          .then()
          .statusCode(415);
    }
    for (String path : new String[] {MODEL, MODEL + "/versions/1"}) {
      given().contentType("text/plain").body("{}").patch(path).then().statusCode(415);
    }
  }
}
