package dev.slipway.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.name.ModelName;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.StatementCount;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A listing costs as many statements for a hundred rows as for two. */
@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ListingStatementsTest {
  private static final Caller ALICE = new Caller("alice", Set.of(Role.AUTHOR), null);

  @Inject
  Models models;

  @Inject
  Versions versions;

  @Inject
  RegistrySearch search;

  private void model(String name) {
    models.create(ALICE, new ModelName(name), null, Map.of("team", "a", "tier", "1"));
    for (int i = 0; i < 2; i++) {
      versions.create(
          ALICE, name, new Versions.NewVersion(null, null, null, null, Map.of("k", "v")));
    }
    models.setAlias(ALICE, name, "champion", 2);
  }

  @Test
  void listingModelsCostsTheSameForTwoAndForAHundred() {
    for (int i = 0; i < 100; i++) {
      model("counted-%03d".formatted(i));
    }

    long forTwo = StatementCount.of(() -> models.list("counted-", Map.of(), 2, null));
    long forAll = StatementCount.of(
        () -> assertThat(models.list("counted-", Map.of(), 100, null).items()).hasSize(100));

    assertThat(forAll).isEqualTo(forTwo).isBetween(1L, 6L);
  }

  @Test
  void listingVersionsCostsTheSameForTwoAndForFifty() {
    model("many");
    for (int i = 0; i < 50; i++) {
      versions.create(
          ALICE, "many", new Versions.NewVersion(null, null, null, null, Map.of("k", "v")));
    }

    long forTwo = StatementCount.of(() -> versions.list("many", null, 2, null));
    long forAll = StatementCount.of(
        () -> assertThat(versions.list("many", null, 50, null).items()).hasSize(50));

    assertThat(forAll).isEqualTo(forTwo).isBetween(1L, 6L);
  }

  @Test
  void searchingCostsTheSameForTwoAndForEighty() {
    for (int i = 0; i < 80; i++) {
      model("searched-%03d".formatted(i));
    }
    String mine = "name LIKE 'searched-%'";

    long modelsForTwo = StatementCount.of(() -> search.models(mine, 2, List.of(), null));
    long modelsForAll = StatementCount.of(
        () -> assertThat(search.models(mine, 1000, List.of(), null).items()).hasSize(80));
    assertThat(modelsForAll).isEqualTo(modelsForTwo).isBetween(1L, 2L);

    long versionsForTwo = StatementCount.of(() -> search.versions(mine, 2, List.of(), null));
    long versionsForAll = StatementCount.of(
        () -> assertThat(search.versions(mine, 1000, List.of(), null).items()).hasSize(160));
    assertThat(versionsForAll).isEqualTo(versionsForTwo).isBetween(1L, 2L);
  }
}
