package dev.slipway.registry.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.StatementCount;
import dev.slipway.registry.search.SearchGrammar;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs in the order of a metric that some of them lack. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RunOrderTest {
  private final String key = "m-" + UUID.randomUUID();
  private final String metric = "metrics.`" + key + "`";

  @Inject
  Runs runs;

  @Inject
  RunLog log;

  @Inject
  Experiments experiments;

  @Inject
  Database database;

  private String experiment;
  private int started;

  @BeforeEach
  void someRunsHaveANumberSomeNanSomeNothing() {
    experiment = String.valueOf(experiments.create("order-" + UUID.randomUUID(), null, List.of()));
    for (int i = 0; i < 4; i++) {
      run("number" + i, (double) Math.floorDiv(i, 2));
    }
    run("nan", Double.NaN);
    run("none0", null);
    run("none1", null);
  }

  private void run(String name, Double value) {
    String run = runs.create(experiment, "u", ++started, name, List.of()).info().runId();
    if (value != null) {
      log.batch(run, List.of(new Metric(key, value, 1, 0)), List.of(), List.of());
    }
  }

  @Test
  void pagesOfEverySizeHoldEveryRunOnceNumbersThenNanThenNone() {
    List<String> falling =
        List.of("number3", "number2", "number1", "number0", "nan", "none1", "none0");

    for (int size = 1; size <= falling.size() + 1; size++) {
      assertThat(pages(size, "", metric + " DESC")).isEqualTo(falling);
    }
    assertThat(pages(3, "", metric + " ASC"))
        .containsExactly("number1", "number0", "number3", "number2", "nan", "none1", "none0");
  }

  @Test
  void aFilterOnTheSameMetricLetsNanThroughWhereItDiffers() {
    assertThat(pages(1, metric + " != 1", metric + " DESC"))
        .containsExactly("number1", "number0", "nan");
    assertThat(pages(1, metric + " < 1", metric + " DESC")).containsExactly("number1", "number0");
  }

  @Test
  void aFullPageTakesNoStatementMoreThanInAnyOtherOrder() {
    assertThat(StatementCount.of(() -> page(2, "", metric, null)))
        .isEqualTo(StatementCount.of(() -> page(2, "", "start_time", null)));
  }

  /** Of equal numbers some may lie outside, and which of them come first is for their start to say. */
  @Test
  void onlyNumbersBetterThanTheFirstOneOutsideAreTrusted() {
    assertThat(best(1)).isEmpty();
    assertThat(best(2)).containsExactly("number3", "number2");
    assertThat(best(5)).containsExactly("number3", "number2", "number1", "number0");
  }

  private List<String> best(long within) {
    var query = new RunStatement.Query(
        List.of(Long.valueOf(experiment)),
        List.of("active"),
        List.of(),
        List.of(SearchGrammar.RUNS.parseOrdering(metric + " DESC")));
    return RunStatement.ofNumbers(query, within).orElseThrow().list(database, RunRow::map).stream()
        .map(row -> row.info().name())
        .toList();
  }

  /** A sort of all that match would read every run of the experiment for one page of it. */
  @Test
  void theLatestRunsAndTheBestAreReadOffAnIndex() {
    QuarkusTransaction.requiringNew().run(() -> {
      database.list("select set_config('enable_sort', 'off', true) as x", row -> row.text("x"));
      assertThat(plan("start_time DESC")).doesNotContain("Sort");
      assertThat(plan(metric + " DESC")).contains("Presorted Key").doesNotContain("->  Sort");
    });
  }

  private String plan(String order) {
    var plan = new ArrayList<String>();
    search("params.p IS NULL", order).run(statement -> {
      if (plan.isEmpty()) {
        plan.addAll(new SqlText()
            .append("explain ")
            .append(statement)
            .list(database, row -> row.text("QUERY PLAN")));
      }
      return List.of();
    });
    return String.join("\n", plan);
  }

  private List<String> pages(int size, String filter, String order) {
    var names = new ArrayList<String>();
    String token = null;
    do {
      Page<Run> page = page(size, filter, order, token);
      page.items().forEach(run -> names.add(run.info().name()));
      token = page.nextToken();
    } while (token != null);
    return names;
  }

  private Page<Run> page(int size, String filter, String order, String token) {
    return runs.search(
        List.of(experiment), filter, ViewType.ACTIVE_ONLY, size, List.of(order), token);
  }

  private RunSearch search(String filter, String order) {
    return RunSearch.of(List.of(experiment), filter, ViewType.ACTIVE_ONLY, 2, List.of(order), null);
  }
}
