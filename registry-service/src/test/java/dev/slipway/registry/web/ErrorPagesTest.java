package dev.slipway.registry.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import jakarta.persistence.OptimisticLockException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong, a browser is shown a page that says so and what to do. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ErrorPagesTest {
  private static final String CHROMIUM =
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

  @Inject
  DataSource source;

  private static ValidatableResponse page(String path, int status) {
    return given()
        .accept(CHROMIUM)
        .header("X-Request-Id", "r-4711")
        .get(path)
        .then()
        .statusCode(status)
        .contentType("text/html")
        .header("X-Request-Id", "r-4711")
        .header(
            "Content-Security-Policy",
            allOf(startsWith("default-src 'self';"), containsString("frame-ancestors 'none'")))
        .body(containsString("role=\"alert\""))
        .body(containsString("r-4711"))
        .body(containsString("href=\"/\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?after=%00",
        "/?q=a%00",
        "/experiments?after=%00",
        "/models/%00",
        "/api/v1/models/a%00b",
        "/api/v1/models?name_contains=%00",
        "/api/v1/models?page_token=AA",
        "/api/v1/audit?object=%00"
      })
  void aNulInAnAddressIsTheCallersMistake(String address) {
    given().urlEncodingEnabled(false).accept(CHROMIUM).get(address).then().statusCode(400);
  }

  @Test
  void aNulInACallersNameOrInAPolicyIsTheCallersMistakeToo() {
    given()
        .auth()
        .preemptive()
        .basic("a\u0000", "any")
        .get("/api/v1/models")
        .then()
        .statusCode(400)
        .body("detail", containsString("NUL"));
    given()
        .header("X-Slipway-User", "root")
        .contentType("application/json")
        .body(Map.of("mode", "reviewed", "protected_aliases", List.of("a\u0000")))
        .put("/api/v1/policies")
        .then()
        .statusCode(400)
        .body("detail", containsString("NUL"));
  }

  @Test
  void anAddressWithNothingBehindItIsAPageForPeopleAndAProblemForPrograms() {
    page("/nowhere", 404)
        .body(containsString("there is nothing at /nowhere"))
        .body(containsString("Look at the address again"));
    page("/models/x/nothing/here", 404);
    page("/requests?before=soon", 404);
    for (String accept : new String[] {"*/*", "application/json", "application/json, text/html"}) {
      given()
          .accept(accept)
          .get("/nowhere")
          .then()
          .statusCode(404)
          .contentType("application/problem+json");
    }
  }

  @Test
  void aRefusalOfAPageCarriesTheIdOfItsRequest() {
    page("/models/nobody-made-this-model", 404).body(containsString("There is no such thing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/nowhere", "/api/2.0/mlflow/nowhere", "/internal/v1/nowhere"})
  void programsAreNotShownPagesWhateverTheyAccept(String path) {
    given().accept(CHROMIUM).get(path).then().contentType(not(containsString("html")));
  }

  @Test
  void aDatabaseThatIsAwayIsAPageThatSaysToTryAgain() throws SQLException {
    failing(
        "57P03",
        () -> page("/experiments", 503)
            .header("Retry-After", "2")
            .body(containsString("the database cannot be reached"))
            .body(containsString("load the page again")));
  }

  @Test
  void aFailureIsAPageThatTellsNothingOfTheInside() throws SQLException {
    failing(
        "XX000",
        () -> page("/experiments", 500)
            .body(containsString("The registry failed"))
            .body(containsString("in its log"))
            .body(not(containsString("experiment_gone"))));
    page("/experiments/987654321", 404);
  }

  @Test
  void whoeverWasSecondIsToldSoAndShownHowThingsStand() {
    Problem twin = Problem.of(new IllegalStateException(new OptimisticLockException()));

    assertThat(twin.status()).isEqualTo(409);
    assertThat(twin.notice().title()).contains("how things stand now");
  }

  /** While every look at the experiments fails with this code of PostgreSQL's. */
  private void failing(String code, Runnable looks) throws SQLException {
    run(
        "alter table experiment rename to experiment_kept",
        "create function experiment_gone() returns setof experiment_kept language plpgsql"
            + " as $$ begin raise exception 'experiment_gone' using errcode = '" + code
            + "'; end $$",
        "create view experiment as select * from experiment_gone()");
    try {
      looks.run();
    } finally {
      run(
          "drop view experiment",
          "drop function experiment_gone()",
          "alter table experiment_kept rename to experiment");
    }
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
