package dev.slipway.registry.local;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.testing.TestPostgres;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.Waiting;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
@TestProfile(StackResetTest.LocalStack.class)
class StackResetTest {
  public static final class LocalStack implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("slipway.local-stack", "true");
    }
  }

  @Inject
  Database database;

  @Inject
  Waiting locks;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  /** The reader has the table that is emptied last, and then wants the first: the reset waits, and is the one that is ended. */
  @Test
  void aReaderThatItComesToADeadlockWithDoesNotPreventIt() throws Exception {
    given()
        .auth()
        .preemptive()
        .basic("alice", "any")
        .contentType("application/json")
        .body(Map.of("name", "gone"))
        .post("/api/v1/models")
        .then()
        .statusCode(201);
    List<String> tables = database.list(
        "select tablename from pg_tables where schemaname = current_schema() and tablename not like 'flyway%'",
        row -> row.text("tablename"));
    try (Connection reader =
            DriverManager.getConnection(url, TestPostgres.USER, TestPostgres.PASSWORD);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      reader.setAutoCommit(false);
      read(reader, tables.getLast());
      Future<Response> reset = threads.submit(() -> given()
          .header("X-Slipway-Service-Token", RegistryBackends.SERVICE_TOKEN)
          .post("/internal/v1/reset"));
      locks.awaitLockIn("truncate");
      read(reader, tables.getFirst());
      reader.commit();
      assertThat(reset.get().statusCode()).isEqualTo(204);
    }
    given().get("/api/v1/models/gone").then().statusCode(404);
  }

  private static void read(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select count(*) from " + table);
    }
  }
}
