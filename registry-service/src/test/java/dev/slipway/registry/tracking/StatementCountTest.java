package dev.slipway.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.StatementCount;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The work of a call does not grow with what it carries: no statement per run, per metric, per tag. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class StatementCountTest {
  @Inject
  Runs runs;

  @Inject
  RunLog log;

  @Inject
  Experiments experiments;

  @Test
  void aSearchTakesAsManyStatementsForFiftyRunsAsForOne() {
    String experiment =
        String.valueOf(experiments.create("count-" + UUID.randomUUID(), null, List.of()));
    for (int i = 0; i < 50; i++) {
      runs.create(experiment, "u", i, null, List.of());
    }

    assertThat(StatementCount.of(() -> search(experiment, 1)))
        .isEqualTo(StatementCount.of(() -> search(experiment, 50)))
        .isLessThanOrEqualTo(6);
  }

  @Test
  void aBatchTakesAsManyStatementsForAHundredMetricsAsForTwo() {
    String run = runs.create("0", "u", 1, null, List.of()).info().runId();

    assertThat(StatementCount.of(() -> log.batch(run, points(100), pairs("p", 50), pairs("t", 50))))
        .isEqualTo(StatementCount.of(() -> log.batch(run, points(2), pairs("q", 2), pairs("t", 2))))
        .isLessThanOrEqualTo(5);
  }

  private void search(String experiment, int size) {
    assertThat(runs.search(List.of(experiment), "", ViewType.ALL, size, List.of(), null)
            .items())
        .hasSize(size);
  }

  private static List<Metric> points(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> new Metric("m" + i, i, 1, i))
        .toList();
  }

  private static List<KeyValue> pairs(String prefix, int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> new KeyValue(prefix + i, "v"))
        .toList();
  }
}
