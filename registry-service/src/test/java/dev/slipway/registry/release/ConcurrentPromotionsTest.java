package dev.slipway.registry.release;

import static dev.slipway.registry.release.Scene.ask;
import static dev.slipway.registry.release.Scene.awaitSettled;
import static dev.slipway.registry.release.Scene.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.audit.AuditEntry;
import dev.slipway.registry.audit.AuditLog;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ConcurrentPromotionsTest {
  private static final int ROUNDS = 50;

  @Inject
  Scene scene;

  @Inject
  Releases releases;

  @Inject
  AuditLog audit;

  @ConfigProperty(name = "quarkus.http.test-port")
  int port;

  @Test
  void ofTwoPromotionsAtTheSameMomentOneWinsAndTheOtherIsToldWhich() throws Exception {
    scene.model("race", 2 * ROUNDS);
    try (var replica = new FakeReplica(port, "race-1", "race")) {
      for (int round = 0; round < ROUNDS; round++) {
        round(2 * round + 1, 2 * round + 2);
      }
      assertThat(replica.feed().model("race")).isPresent();
    }
    List<Release> all = releases.list("race", Long.MAX_VALUE, 1_000);
    assertThat(all).hasSize(ROUNDS).allMatch(it -> it.state() == ReleaseState.LIVE);
    assertThat(audit.list("model/race", 0, 10_000))
        .filteredOn(entry -> entry.action().equals("release.promotion"))
        .hasSize(ROUNDS)
        .extracting(AuditEntry::actor)
        .allMatch(actor -> actor.equals("bob") || actor.equals("carol"));
  }

  private void round(int one, int other) throws Exception {
    ask("race", one, "Staging");
    ask("race", other, "Staging");
    long first = ask("race", one, "Production");
    long second = ask("race", other, "Production");
    var together = new CyclicBarrier(2);
    List<Response> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Response> bob = () -> {
        together.await();
        return Scene.approve("bob", first);
      };
      Callable<Response> carol = () -> {
        together.await();
        return Scene.approve("carol", second);
      };
      for (Future<Response> answer : threads.invokeAll(List.of(bob, carol))) {
        answers.add(answer.get());
      }
    }
    int winner = answers.get(0).statusCode() == 200 ? 0 : 1;
    assertThat(answers.get(winner).statusCode()).isEqualTo(200);
    assertThat(answers.get(1 - winner).statusCode())
        .as(answers.get(1 - winner).asString())
        .isEqualTo(409);
    assertThat(answers.get(1 - winner).jsonPath().getInt("version"))
        .isEqualTo(winner == 0 ? one : other);
    awaitSettled(winner == 0 ? first : second, "applied");
    assertThat(scene.live("race")).isEqualTo(winner == 0 ? one : other);
    long loser = winner == 0 ? second : first;
    post("alice", "/requests/" + loser + "/withdraw", Map.of()).then().statusCode(200);
  }
}
