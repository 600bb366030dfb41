package dev.slipway.registry.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.RegistryBackends;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class SearchPlansTest {
  /** So often that the driver would keep a statement. */
  private static final int OFTEN = 10;

  @Inject
  Database database;

  @Test
  void aSearchIsPlannedForItsArgumentsHoweverOftenItIsAsked() {
    QuarkusTransaction.requiringNew().run(() -> {
      for (long i = 0; i < OFTEN; i++) {
        database.list("select 1 as one, 'listed' as how where 1 = ?", row -> row.number("one"), i);
        database.search(
            "select 1 as one, 'searched' as how where 1 = ?", row -> row.number("one"), i);
      }

      assertThat(kept("listed")).isEqualTo(1);
      assertThat(kept("searched")).isZero();
    });
  }

  private long kept(String how) {
    return database
        .first(
            "select count(*) as number from pg_prepared_statements where statement like ?",
            row -> row.number("number"),
            "%'" + how + "' as how%")
        .orElseThrow();
  }
}
