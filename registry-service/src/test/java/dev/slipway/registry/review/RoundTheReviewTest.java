package dev.slipway.registry.review;

import static dev.slipway.registry.release.Scene.post;
import static dev.slipway.registry.release.Scene.put;
import static dev.slipway.registry.release.Scene.reviewed;
import static dev.slipway.registry.review.PolicyScopesTest.delete;
import static dev.slipway.registry.review.PolicyScopesTest.group;
import static dev.slipway.registry.review.PolicyScopesTest.rename;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.slipway.common.name.ModelName;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.model.Models;
import dev.slipway.registry.problem.RegistryException.Forbidden;
import dev.slipway.registry.release.Scene;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ways round a reviewed policy that lead through another policy: each is an admin's. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RoundTheReviewTest {
  private static final Caller ROOT = new Caller("root", Set.of(Role.ADMIN), null);
  private static final Caller ALICE = new Caller("alice", Set.of(Role.AUTHOR), null);
  private static final PolicyRules OPEN = PolicyRules.open();
  private static final PolicyRules STRICT = PolicyRules.reviewed();

  @Inject
  Scene scene;

  @Inject
  Policies policies;

  @Inject
  Models models;

  @Test
  void groupThatWouldTakeAModelFromAReviewedGroupIsAnAdmins() {
    onAnOpenServer(() -> {
      policies.changeGroup(ROOT, prefix("esc", "esc-"), STRICT, null);
      model("esc-credit");
      refused(() -> policies.changeGroup(ALICE, prefix("mine", "esc-credit"), OPEN, null));
    });
  }

  @Test
  void openGroupThatWouldSelectAModelOfAReviewedTagIsAnAdmins() {
    onAnOpenServer(() -> {
      policies.changeGroup(ROOT, new PolicyGroup("zealous", null, "care", "high"), STRICT, null);
      policies.changeGroup(ROOT, prefix("harmless", "nobody-is-called-so"), OPEN, null);
      models.create(ALICE, new ModelName("careful"), null, Map.of("care", "high"));
      refused(() -> policies.changeGroup(ALICE, prefix("harmless", "careful"), OPEN, null));
    });
  }

  @Test
  void reviewedGroupKeepsTheModelsThatAreStillToCome() {
    onAnOpenServer(() -> {
      policies.changeGroup(ROOT, prefix("later", "later-"), STRICT, null);
      assertThatCode(() -> policies.changeGroup(ALICE, prefix("own", "alices-"), OPEN, null))
          .doesNotThrowAnyException();
      refused(() -> policies.changeGroup(ALICE, prefix("own", "later-mine"), OPEN, null));
    });
  }

  @Test
  void nobodyPutsOtherPeoplesModelsUnderReviewButAnAdmin() {
    onAnOpenServer(() -> {
      model("free-a");
      assertThatCode(() -> policies.changeGroup(ALICE, prefix("none", "free-b"), STRICT, null))
          .doesNotThrowAnyException();
      refused(() -> policies.changeGroup(ALICE, prefix("all", "free-"), STRICT, null));
    });
  }

  @Test
  void modelWhosePolicyGoesWithItIsDeletedAndRenamedByAdmins() {
    scene.model("owns-rules", 0);
    put("root", "/models/owns-rules/policy", reviewed(0, 3, 0)).then().statusCode(200);
    delete("alice", "/models/owns-rules")
        .then()
        .statusCode(403)
        .body("detail", containsString("admin"));
    rename("alice", "owns-rules", "owns-rules-no-more").then().statusCode(403);
    rename("root", "owns-rules", "owned-rules").then().statusCode(200);
    delete("root", "/models/owned-rules").then().statusCode(204);
  }

  @Test
  void modelIsMadeWithATagThatLeadsToAnotherPolicyByAdmins() {
    group("by-tag", Map.of("tag_key", "made-with", "tag_value", "lax"), 0)
        .then()
        .statusCode(200);
    create("alice", "made-lax").then().statusCode(403).body("detail", containsString("tag"));
    create("anonymous", "made-lax").then().statusCode(403);
    create("root", "made-lax").then().statusCode(201);
    group("by-name", Map.of("name_prefix", "made-strict"), 3).then().statusCode(200);
    create("alice", "made-strict").then().statusCode(201);
    Scene.get("/models/made-strict/policy").body("moves.Production.approvals", is(3));
    delete("root", "/policies/groups/by-tag").then().statusCode(204);
    delete("root", "/policies/groups/by-name").then().statusCode(204);
  }

  @Test
  void tagOfAnotherPolicyIsAnAdminsAlsoWhileTheModelHasAnOpenPolicyOfItsOwn() {
    group("lurking", Map.of("tag_key", "lurks"), 0).then().statusCode(200);
    scene.model("lurker", 0);
    put("root", "/models/lurker/policy", Map.of("mode", "open")).then().statusCode(200);
    put("alice", "/models/lurker/tags/lurks", Map.of("value", "yes")).then().statusCode(403);
    put("alice", "/models/lurker/tags/lies", Map.of("value", "yes")).then().statusCode(200);
    delete("root", "/policies/groups/lurking").then().statusCode(204);
  }

  private static Response create(String user, String model) {
    return post(user, "/models", Map.of("name", model, "tags", Map.of("made-with", "lax")));
  }

  /** The server's default is open until the transaction is rolled back: other tests see nothing of it. */
  private void onAnOpenServer(Runnable story) {
    QuarkusTransaction.begin();
    try {
      policies.change(ROOT, null, OPEN, null);
      story.run();
    } finally {
      QuarkusTransaction.rollback();
    }
  }

  private void model(String name) {
    models.create(ALICE, new ModelName(name), null, Map.of());
  }

  private static PolicyGroup prefix(String name, String prefix) {
    return new PolicyGroup(name, prefix, null, null);
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable change) {
    assertThatThrownBy(change).isInstanceOf(Forbidden.class).hasMessageContaining("admin");
  }
}
