package dev.slipway.registry.web;

import static dev.slipway.registry.release.Scene.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.StatementCount;
import dev.slipway.registry.release.Scene;
import dev.slipway.registry.tracking.Experiments;
import dev.slipway.registry.tracking.KeyValue;
import dev.slipway.registry.tracking.RunLog;
import dev.slipway.registry.tracking.Runs;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A page asks the database a number of times that does not grow with its rows. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class PageStatementsTest {
  private static final long MOST = 35;

  @Inject
  Scene scene;

  @Inject
  Experiments experiments;

  @Inject
  Runs runs;

  @Inject
  RunLog log;

  private final Browser visitor = new Browser();

  @Test
  void pagesWithManyRowsCostWhatPagesWithFewCost() {
    scene.model("cost", 3);
    Scene.promote("cost", 1);
    ask("cost", 2, "Staging");
    long request = ask("cost", 2, "Production");
    String experiment = String.valueOf(experiments.create("cost", null, List.of()));
    String run = run(experiment);
    List<String> pages = List.of(
        "/",
        "/?q=cost",
        "/models/cost",
        "/models/cost/policy",
        "/models/cost/versions/2",
        "/models/cost/compare?left=1&right=2",
        "/requests?state=all",
        "/requests/" + request,
        "/gateways",
        "/audit",
        "/experiments",
        "/experiments/" + experiment,
        "/runs/" + run);
    Map<String, Long> few = count(pages);
    for (int i = 0; i < 12; i++) {
      scene.model("cost-more-" + i, 0);
      int version = scene.version("cost");
      if (i < 6) {
        ask("cost", version, "Staging");
        ask("cost", version, "Production");
      }
      Scene.post("bob", "/requests/" + request + "/comments", Map.of("body", "no. " + i));
      run(experiment);
    }

    Map<String, Long> many = count(pages);

    // Not equal: what other tests left, a replica say, may be forgotten in between.
    assertThat(many)
        .allSatisfy(
            (page, cost) -> assertThat(cost).as(page).isBetween(1L, Math.min(MOST, few.get(page))));
  }

  private String run(String experiment) {
    String id =
        runs.create(experiment, "alice", 1_000_000L, "some", List.of()).info().runId();
    log.param(id, new KeyValue("depth", "3"));
    return id;
  }

  private Map<String, Long> count(List<String> pages) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String page : pages) {
      // What is kept between visits, as the feed is, may be there already or not: the second visit
      // is counted.
      visitor.get(page);
      counts.put(page, StatementCount.of(() -> visitor.get(page).then().statusCode(200)));
    }
    return counts;
  }
}
