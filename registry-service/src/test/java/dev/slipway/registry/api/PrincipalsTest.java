package dev.slipway.registry.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may do what, and who says so. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PrincipalsTest {
  private static final String PRINCIPALS = "/api/v1/principals";
  private static final String LONG = "n".repeat(257);

  private static RequestSpecification as(String name) {
    return given().header("X-Slipway-User", name).contentType("application/json");
  }

  @Test
  void onlyAnAdminChangesPrincipals() {
    as("alice")
        .body(Map.of("roles", List.of("admin")))
        .put("/api/v1/principals/alice")
        .then()
        .statusCode(403);
    as("root")
        .body(Map.of("roles", List.of("reviewer")))
        .put("/api/v1/principals/dave")
        .then()
        .statusCode(200);
    given()
        .auth()
        .preemptive()
        .basic("dave", "any")
        .get("/api/v1/me")
        .then()
        .body("roles", equalTo(List.of("reviewer")));
    given()
        .get("/api/v1/audit?object=principal/dave")
        .then()
        .body("entries", hasSize(1))
        .body("entries[0].actor", equalTo("root"))
        .body("next", nullValue());
  }

  @Test
  void aRoleThatIsNullIsNone() {
    for (String roles : List.of("[null]", "[\"admin\",null]", "[]", "null")) {
      as("root")
          .body("{\"roles\":" + roles + "}")
          .put(PRINCIPALS + "/nil")
          .then()
          .statusCode(400)
          .body("detail", containsString("role"));
    }
    as("root").get(PRINCIPALS + "/nil").then().statusCode(404);
  }

  @Test
  void thoseWhoCreateOneAtOnceAllHaveIt() throws Exception {
    for (int round = 0; round < 5; round++) {
      String name = "twin-" + round;
      var start = new CountDownLatch(1);
      try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> statuses = IntStream.range(0, 6)
            .mapToObj(i -> callers.submit(() -> {
              start.await();
              return as("root")
                  .body(Map.of("name", name, "roles", List.of("reviewer")))
                  .post(PRINCIPALS)
                  .statusCode();
            }))
            .toList();
        start.countDown();
        for (Future<Integer> status : statuses) {
          assertThat(status.get()).isEqualTo(201);
        }
      }
    }
  }

  @Test
  void rolesInAnotherOrderAreTheSameCall() {
    for (List<String> roles :
        List.of(List.of("admin", "author", "reviewer"), List.of("reviewer", "admin", "author"))) {
      as("root")
          .header("Idempotency-Key", "three-roles")
          .body(Map.of("name", "three", "roles", roles))
          .post(PRINCIPALS)
          .then()
          .statusCode(201);
    }
  }

  @Test
  void aCallersNameHasALimit() {
    as(LONG).get("/api/v1/me").then().statusCode(400).body("detail", containsString("256"));
    given().auth().preemptive().basic(LONG, "any").get("/api/v1/me").then().statusCode(400);
    as(LONG)
        .body(Map.of("name", "long-name"))
        .post("/api/2.0/mlflow/registered-models/create")
        .then()
        .statusCode(400)
        .body("error_code", equalTo("BAD_REQUEST"));
    as(LONG.substring(1)).get("/api/v1/me").then().statusCode(200);
  }
}
