package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.approve;
import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.rollBack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.StatementCount;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nearly all of a switch's time on a busy machine is the way to the database and back: each statement is a way. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class SwitchStatementsTest {
  @Inject
  Scene scene;

  @Test
  void aRollbackTakesEleven() {
    String model = "counted-rollback";
    scene.model(model, 4);
    for (int version = 1; version <= 4; version++) {
      promote(model, version);
    }

    assertThat(StatementCount.leastOf(() -> rollBack("rita", model).then().statusCode(200)))
        .isLessThanOrEqualTo(11);
    assertThat(scene.live(model)).isEqualTo(1);
  }

  @Test
  void anApprovalThatSwitchesTakesThirty() {
    String model = "counted-promotion";
    scene.model(model, 4);
    promote(model, 1);
    for (int version : List.of(2, 3, 4)) {
      ask(model, version, "Staging");
    }

    // Each is asked for when the one before is live, so that none is compared with another.
    long least = Long.MAX_VALUE;
    for (int version : List.of(2, 3, 4)) {
      long request = ask(model, version, "Production");
      least =
          Math.min(least, StatementCount.of(() -> approve("bob", request).then().statusCode(200)));
      Scene.awaitSettled(request, "applied");
    }
    assertThat(least).isLessThanOrEqualTo(30);
  }
}
