package dev.slipway.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.name.ModelName;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.db.Database;
import dev.slipway.registry.db.StatementCount;
import dev.slipway.registry.problem.RegistryException.NotFound;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class RegistryReadsTest {
  private static final Caller ALICE = new Caller("alice", Set.of(Role.AUTHOR), null);

  @Inject
  Models models;

  @Inject
  Versions versions;

  @Inject
  RegistryReads reads;

  @Inject
  Database database;

  private void model(String name, int count) {
    models.create(ALICE, new ModelName(name), "what it is", Map.of("team", "a", "b\"", "ü"));
    for (int i = 0; i < count; i++) {
      versions.create(
          ALICE, name, new Versions.NewVersion("d", "s3://x/y", null, null, Map.of("k", "v")));
    }
    models.setAlias(ALICE, name, "champion", 1);
    models.setAlias(ALICE, name, "Best", 1);
  }

  @Test
  void aModelAndItsVersionsAreReadAsTheyAreOtherwise() {
    model("read-same", 2);

    assertThat(reads.model("read-same")).isEqualTo(models.get("read-same"));
    assertThat(reads.version("read-same", 1)).isEqualTo(versions.get("read-same", 1));
    assertThat(reads.version("read-same", 2)).isEqualTo(versions.get("read-same", 2));
  }

  @Test
  void whatIsMissingIsNamed() {
    model("read-missing", 1);

    assertThatThrownBy(() -> reads.model("read-nowhere")).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> reads.version("read-nowhere", 1))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("no registered model");
    assertThatThrownBy(() -> reads.version("read-missing", 7))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("has no version 7");
  }

  @Test
  void theLatestOfEachStageIsTheHighestNumberInIt() {
    model("read-stages", 5);
    stage("read-stages", "Staging", 1, 2);
    stage("read-stages", "Archived", 4);

    long id = models.get("read-stages").id();
    assertThat(reads.latestByStage(List.of(id)).get(id))
        .extracting(VersionView::number)
        .containsExactly(5, 2, 4);
  }

  private void stage(String model, String stage, Integer... numbers) {
    for (Integer number : numbers) {
      database.update(
          "update model_version set stage = ? where number = ? and model_id = (select id from registered_model where name = ?)",
          stage,
          number,
          model);
    }
  }

  /** The calls that clients make all day long. */
  @Test
  void aReadIsOneStatementAndWithItsLatestVersionsTwo() {
    model("read-counted", 3);

    assertThat(statements("registered-models/get?name=read-counted")).isEqualTo(2);
    assertThat(statements("registered-models/get-latest-versions?name=read-counted"))
        .isEqualTo(2);
    assertThat(statements("model-versions/get?name=read-counted&version=2")).isEqualTo(1);
  }

  private static long statements(String call) {
    return StatementCount.of(
        () -> RestAssured.get("/api/2.0/mlflow/" + call).then().statusCode(200));
  }
}
