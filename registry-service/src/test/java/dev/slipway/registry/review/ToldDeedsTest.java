package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static dev.slipway.registry.review.PolicyScopesTest.delete;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.audit.AuditLog;
import dev.slipway.registry.audit.Audited;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.release.Scene;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Nothing that the rules change by themselves goes unsaid. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ToldDeedsTest {
  @Inject
  Scene scene;

  @Inject
  PolicyStore store;

  @Inject
  RequestStore requests;

  @Inject
  ApprovalStore approvals;

  @Inject
  Voids voids;

  @Inject
  Expiry expiry;

  @Inject
  GroupChanges groupChanges;

  @Inject
  LivePointers pointers;

  @Inject
  AuditLog audit;

  @Inject
  Clock clock;

  @Inject
  Heard heard;

  /** Hears of deeds also while their transaction is not over. */
  @ApplicationScoped
  static class Heard {
    private final Queue<Audited> deeds = new ConcurrentLinkedQueue<>();

    void hear(@Observes Audited deed) {
      deeds.add(deed);
    }

    List<Audited> of(String action, String object) {
      return deeds.stream()
          .filter(deed -> deed.action().equals(action) && deed.object().equals(object))
          .toList();
    }
  }

  @Test
  void everyStageThatASwitchChangesIsAudited() {
    scene.model("told-switch", 2);
    promote("told-switch", 1);
    promote("told-switch", 2);
    assertThat(stages("told-switch", 1))
        .containsExactly("None>Staging", "Staging>Production", "Production>Archived");
    assertThat(stages("told-switch", 2)).containsExactly("None>Staging", "Staging>Production");
    Scene.rollBack("rita", "told-switch").then().statusCode(200);
    assertThat(stages("told-switch", 1)).endsWith("Archived>Production");
    assertThat(stages("told-switch", 2)).endsWith("Production>Archived");
  }

  @Test
  void versionsThatAreArchivedWithAnothersMoveAreAudited() {
    scene.model("told-label", 2);
    put("root", "/models/told-label/policy", Map.of("mode", "open")).then().statusCode(200);
    for (int version = 1; version <= 2; version++) {
      post(
              "alice",
              "/models/told-label/requests",
              Map.of("version", version, "to", "Staging", "archive_existing", true))
          .then()
          .statusCode(201);
    }
    assertThat(scene.get("told-label", 1).stage().label()).isEqualTo("Archived");
    assertThat(stages("told-label", 1)).containsExactly("None>Staging", "Staging>Archived");
  }

  @Test
  void voidedApprovalsAreAuditedAndSoAreComments() {
    scene.model("told-void", 1);
    put("root", "/models/told-void/policy", reviewed(0, 2, 0)).then().statusCode(200);
    ask("told-void", 1, "Staging");
    long request = ask("told-void", 1, "Production");
    approve("bob", request).then().statusCode(200);
    post("carol", "/requests/" + request + "/comments", Map.of("body", "wait"));
    put("root", "/models/told-void/policy", reviewed(0, 3, 0)).then().statusCode(200);
    given()
        .get("/api/v1/audit?object=model/told-void/request/" + request)
        .then()
        .body("entries.find { it.action == 'request.void' }.after.approver", is("bob"))
        .body("entries.find { it.action == 'request.void' }.after.reason", containsString("policy"))
        .body("entries.find { it.action == 'request.comment' }.after.comment", is("wait"));
  }

  @Test
  void whoTookARequestBackStandsInTheHistoryAlsoWhenItWasAnAdmin() {
    scene.model("told-back", 1);
    put("root", "/models/told-back/policy", reviewed(1, 1, 0)).then().statusCode(200);
    for (String who : List.of("root", "alice")) {
      long request = ask("told-back", 1, "Staging");
      post(who, "/requests/" + request + "/withdraw", Map.of()).then().statusCode(200);
      Scene.get("/models/told-back/history")
          .body(
              "entries.find { it.kind == 'withdrawn' && it.request_id == " + request + " }.actor",
              is(who));
    }
  }

  @Test
  void whoBypassedAPolicyStandsInTheHistoryAlsoWhenTheVersionIsGone() {
    scene.model("told-bypass", 1);
    Map<String, Object> policy = reviewed(1, 1, 0);
    policy.put("bypass_roles", List.of("releaser"));
    put("root", "/models/told-bypass/policy", policy).then().statusCode(200);
    long request = ask("told-bypass", 1, "Staging");
    post("carol", "/requests/" + request + "/comments", Map.of("body", "is it urgent?"));
    post("rita", "/requests/" + request + "/bypass", Map.of("reason", "fire"))
        .then()
        .statusCode(200);
    delete("alice", "/models/told-bypass/versions/1").then().statusCode(204);

    Scene.get("/models/told-bypass/history")
        .body("entries.find { it.kind == 'bypass' }.actor", is("rita"))
        .body("entries.find { it.kind == 'bypass' }.reason", is("fire"))
        .body("entries.find { it.kind == 'bypass' }.to_version", is(1))
        .body("entries.text", hasItem("version 1 None → Staging was made"));
    Scene.get("/requests/" + request)
        .body("version", is(1))
        .body("state", is("applied"))
        .body("bypass.by", is("rita"))
        .body("comments.body", is(List.of("is it urgent?")));
    Scene.get("/models/told-bypass/requests").body("requests.id", hasItem((int) request));
    delete("root", "/models/told-bypass").then().statusCode(204);
    given().get("/api/v1/requests/" + request).then().statusCode(404);
  }

  @Test
  void policyThatTheConfigurationChangesAtStartIsAChangeLikeAnyOther() {
    scene.model("told-start", 1);
    ask("told-start", 1, "Staging");
    long request = ask("told-start", 1, "Production");
    // Nothing of this is committed: other tests see nothing of it.
    QuarkusTransaction.begin();
    try {
      Policy first = store
          .insert(
              PolicyStore.Scope.SERVER, PolicyRules.reviewed(), false, "slipway", clock.instant())
          .orElseThrow();
      RequestRow asked = requests.find(request).orElseThrow();
      approvals.approve(request, "bob", Approval.Kind.APPROVE, null, asked.now(), clock.instant());
      assertThat(asked.policy().id()).isEqualTo(first.id());
      var restarted =
          new Policies(store, voids, expiry, groupChanges, pointers, audit, clock, "open");
      int before = heard.of("policy.change", "policy").size();
      restarted.start(null);

      Policy server = store.server().orElseThrow();
      assertThat(server.rules().isOpen()).isTrue();
      assertThat(server.createdBy()).isEqualTo("configuration");
      assertThat(heard.of("policy.change", "policy").subList(before, before + 1))
          .allMatch(deed -> deed.actor().name().equals("configuration"));
      assertThat(approvals.approvals(asked))
          .allMatch(approval -> "the policy changed".equals(approval.voidReason()));
      new Policies(store, voids, expiry, groupChanges, pointers, audit, clock, "reviewed")
          .start(null);
      assertThat(store.server().orElseThrow().rules().isOpen()).isFalse();
      new Policies(store, voids, expiry, groupChanges, pointers, audit, clock, "reviewed")
          .start(null);
      assertThat(heard.of("policy.change", "policy")).hasSize(before + 2);
    } finally {
      QuarkusTransaction.rollback();
    }
  }

  /** What the audit log says of a version's stages, oldest first. */
  private static List<String> stages(String model, int version) {
    List<Map<String, Map<String, String>>> entries = given()
        .get("/api/v1/audit?object=model/" + model + "/version/" + version)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("entries.findAll { it.action == 'version.stage' }");
    return entries.stream()
        .map(it -> it.get("before").get("stage") + ">" + it.get("after").get("stage"))
        .toList();
  }
}
