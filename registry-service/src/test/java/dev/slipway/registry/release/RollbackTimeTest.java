package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.promote;
import static dev.slipway.registry.release.Scene.rollBack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RollbackTimeTest {
  private static final Logger LOG = Logger.getLogger(RollbackTimeTest.class);
  private static final int COUNT = 30;

  @Inject
  Scene scene;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  /** The exact figures are a drill's business; this catches a wait or a scan that has no place here. */
  @Test
  void halfOfTheRollbacksAreConfirmedWithin100Milliseconds() {
    scene.model("timed", COUNT + 1);
    List<Long> millis = new ArrayList<>();
    try (var one = new FakeReplica(port, "timed-1", "timed");
        var two = new FakeReplica(port, "timed-2", "timed")) {
      for (int version = 1; version <= COUNT + 1; version++) {
        promote("timed", version);
      }
      for (int i = 0; i < COUNT; i++) {
        long since = System.nanoTime();
        rollBack("rita", "timed").then().statusCode(200);
        millis.add((System.nanoTime() - since) / 1_000_000);
      }
      assertThat(one.feed().revision()).isEqualTo(two.feed().revision());
    }
    Collections.sort(millis);
    LOG.infof("rollbacks confirmed by two replicas, in ms: %s", millis);
    assertThat(scene.live("timed")).isEqualTo(1);
    assertThat(millis.get(COUNT / 2)).as("%s ms", millis).isLessThan(100);
  }
}
