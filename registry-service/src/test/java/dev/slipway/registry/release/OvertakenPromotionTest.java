package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.stage.Stage;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.Waiting;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.review.Request;
import dev.slipway.registry.review.Reviews;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class OvertakenPromotionTest {
  private static final String MODEL = "overtaken";
  private static final Caller BOB = new Caller("bob", Set.of(Role.REVIEWER), null);

  @Inject
  Scene scene;

  @Inject
  Waiting locks;

  @Inject
  Reviews reviews;

  @Inject
  LivePointers pointers;

  @Test
  void promotionThatWaitedForAnotherIsRefusedNamingTheWinner() throws Exception {
    scene.model(MODEL, 2);
    Scene.put("root", "/models/" + MODEL + "/policy", Scene.reviewed(0, 0, 0))
        .then()
        .statusCode(200);
    Scene.ask(MODEL, 1, "Staging");
    Scene.ask(MODEL, 2, "Staging");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> second = QuarkusTransaction.requiringNew().call(() -> {
        pointers.lock(MODEL);
        Future<Response> waiting = threads.submit(() -> Scene.post(
            "alice", "/models/" + MODEL + "/requests", Map.of("version", 2, "to", "Production")));
        locks.awaitLockIn("registered_model");
        Request won = reviews.open(BOB, MODEL, 1, Stage.PRODUCTION, null, false);
        assertThat(won.releaseId()).isNotNull();
        return waiting;
      });
      Response refused = second.get();
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.jsonPath().getString("type")).endsWith(":live-changed");
      assertThat(refused.jsonPath().getString("detail")).contains("by bob", "version 1");
      assertThat(refused.jsonPath().getInt("version")).isEqualTo(1);
    }
    assertThat(scene.live(MODEL)).isEqualTo(1);
    Scene.get("/models/" + MODEL + "/releases").body("releases", org.hamcrest.Matchers.hasSize(1));
  }
}
