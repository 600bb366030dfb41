package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.Waiting;
import dev.slipway.registry.model.LivePointers;
import dev.slipway.registry.review.Rollbacks;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two who see the same bad version and roll back at once put it back once, and not one version further each. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class OvertakenRollbackTest {
  private static final String MODEL = "overtaken-rollback";
  private static final Caller RITA = new Caller("rita", Set.of(Role.RELEASER), null);

  @Inject
  Scene scene;

  @Inject
  Waiting locks;

  @Inject
  Rollbacks rollbacks;

  @Inject
  LivePointers pointers;

  @Test
  void rollbackThatWaitedForAnotherIsRefusedNamingTheWinner() throws Exception {
    scene.model(MODEL, 3);
    for (int version = 1; version <= 3; version++) {
      Scene.promote(MODEL, version);
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> second = QuarkusTransaction.requiringNew().call(() -> {
        pointers.lock(MODEL);
        Future<Response> waiting = threads.submit(() -> Scene.rollBack("bob", MODEL));
        locks.awaitLockIn("registered_model");
        assertThat(rollbacks.rollBack(RITA, MODEL, null, null, "it is bad"))
            .isInstanceOf(Rollbacks.Answer.Released.class);
        return waiting;
      });
      Response refused = second.get();
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.jsonPath().getString("type")).endsWith(":live-changed");
      assertThat(refused.jsonPath().getString("detail")).contains("by rita", "version 2");
    }
    assertThat(scene.live(MODEL)).isEqualTo(2);
  }
}
