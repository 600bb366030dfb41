package dev.slipway.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The work of a call does not grow with what it carries: no statement per run, per metric, per tag. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class StatementCountTest {
  @Inject
  DataSource source;

  @Inject
  Experiments experiments;

  @Inject
  Clock clock;

  @Inject
  com.fasterxml.jackson.databind.ObjectMapper json;

  /** Vetoed: a scope is inherited, and there is to be one Database. */
  @jakarta.enterprise.inject.Vetoed
  private static final class Counting extends Database {
    private final List<String> statements = new ArrayList<>();

    Counting(DataSource source) {
      super(source);
    }

    @Override
    <T> List<T> query(RowMapper<T> mapper, String sql, Object... parameters) {
      statements.add(sql);
      return super.query(mapper, sql, parameters);
    }

    @Override
    int update(String sql, Object... parameters) {
      statements.add(sql);
      return super.update(sql, parameters);
    }
  }

  @Test
  void aSearchTakesAsManyStatementsForFiftyRunsAsForOne() {
    var database = new Counting(source);
    var runs = new Runs(database, new RunReader(database), experiments, clock);
    String experiment =
        String.valueOf(experiments.create("count-" + UUID.randomUUID(), null, List.of()));
    for (int i = 0; i < 50; i++) {
      runs.create(experiment, "u", i, null, List.of());
    }

    assertThat(statements(database, () -> search(runs, experiment, 1)))
        .isEqualTo(statements(database, () -> search(runs, experiment, 50)))
        .isLessThanOrEqualTo(7);
  }

  @Test
  void aBatchTakesAsManyStatementsForAHundredMetricsAsForTwo() {
    var database = new Counting(source);
    var reader = new RunReader(database);
    var runs = new Runs(database, reader, experiments, clock);
    var log = new RunLog(database, reader, new MetricWriter(database), json);
    String run = runs.create("0", "u", 1, null, List.of()).info().runId();

    assertThat(
            statements(database, () -> log.batch(run, points(100), pairs("p", 50), pairs("t", 50))))
        .isEqualTo(
            statements(database, () -> log.batch(run, points(2), pairs("q", 2), pairs("t", 2))))
        .isLessThanOrEqualTo(5);
  }

  private static void search(Runs runs, String experiment, int size) {
    assertThat(runs.search(List.of(experiment), "", ViewType.ALL, size, List.of(), null)
            .items())
        .hasSize(size);
  }

  private static int statements(Counting database, Runnable call) {
    database.statements.clear();
    call.run();
    return database.statements.size();
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
