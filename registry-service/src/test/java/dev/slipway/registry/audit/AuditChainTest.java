package dev.slipway.registry.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.audit.AuditVerifier;
import dev.slipway.common.audit.AuditVerifier.Verdict;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.Database;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class AuditChainTest {
  private static final Caller ROOT = new Caller("root", Set.of(Role.ADMIN), "request-1");

  @Inject
  AuditLog log;

  @Inject
  Database database;

  private void deed(String object) {
    QuarkusTransaction.requiringNew().run(() -> {
      log.append(ROOT, "test.deed", object, null, Map.of("b", 1, "a", List.of(0.1, "ü")), null);
      log.append(ROOT, "test.deed", object, null, null, Map.of("name", object));
    });
  }

  private static ValidatableResponse verify() {
    return given().get("/api/v1/audit/verify").then().statusCode(200);
  }

  private long last() {
    return database
        .first(
            "select coalesce(max(sequence), 0) as last from audit_entry", row -> row.number("last"))
        .orElseThrow();
  }

  @Test
  void whatManyWriteAtOnceIsOneIntactChain() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> deeds = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String object = "many/" + i;
        deeds.add(() -> {
          deed(object);
          return null;
        });
      }
      for (var done : threads.invokeAll(deeds)) {
        done.get();
      }
    }
    verify().body("intact", is(true)).body("last_sequence", is((int) last()));
  }

  @Test
  void exportIsVerifiedWithoutTheRegistry() {
    deed("exported");
    String export = given()
        .get("/api/v1/audit/export")
        .then()
        .statusCode(200)
        .contentType(containsString("application/x-ndjson"))
        .extract()
        .asString();
    var verifier = new AuditVerifier(null);
    export.lines().forEach(verifier::accept);
    assertThat(verifier.verdict()).isInstanceOf(Verdict.Intact.class);
    given()
        .get("/api/v1/audit/verify?key=0123456789ab")
        .then()
        .body("intact", is(false))
        .body("reason", containsString("signed by key"));
  }

  @Test
  void aLaterExportGivesTheCheckpointsAsTheyWereSignedAtTheTime() {
    deed("signed early");
    List<String> early = checkpoints();
    deed("signed late");

    assertThat(checkpoints()).containsAll(early).hasSizeGreaterThan(early.size());
  }

  private static List<String> checkpoints() {
    return given()
        .get("/api/v1/audit/export")
        .asString()
        .lines()
        .filter(line -> line.startsWith("{\"checkpoint\""))
        .toList();
  }

  @Test
  void deedThatIsRolledBackLeavesNoEntry() {
    long before = last();
    assertThatIllegalStateException()
        .isThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
          log.append(ROOT, "test.deed", "undone", null, null, null);
          throw new IllegalStateException("the deed failed");
        }));
    assertThat(last()).isEqualTo(before);
    verify().body("intact", is(true));
  }

  @Test
  void alteredRowIsNamedAndAnAbsentOneToo() {
    deed("tampered");
    deed("after it");
    long victim = last() - 2;
    database.update("update audit_entry set actor = 'mallory' where sequence = ?", victim);
    verify()
        .body("intact", is(false))
        .body("sequence", is((int) victim))
        .body("reason", containsString("was altered"));
    database.update("update audit_entry set actor = 'root' where sequence = ?", victim);
    verify().body("intact", is(true));
  }

  @Test
  void rowsThatAreCutOffAtTheEndAreMissed() {
    deed("kept");
    verify().body("intact", is(true));
    deed("cut off");
    verify().body("intact", is(true));
    long end = last();
    database.update(
        "create table audit_copy as select * from audit_entry where sequence > ?", end - 2);
    database.update("delete from audit_entry where sequence > ?", end - 2);
    verify()
        .body("intact", is(false))
        .body("sequence", is((int) end - 1))
        .body("reason", containsString("are missing"));
    database.update("insert into audit_entry select * from audit_copy");
    database.update("drop table audit_copy");
    verify().body("intact", is(true));
  }
}
