package dev.slipway.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.name.ModelName;
import dev.slipway.common.stage.Stage;
import dev.slipway.registry.RegistryBackends;
import dev.slipway.registry.access.Caller;
import dev.slipway.registry.access.Role;
import dev.slipway.registry.problem.RegistryException.AlreadyExists;
import dev.slipway.registry.problem.RegistryException.Conflict;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RegistryBackends.class)
class ModelsTest {
  private static final Caller ALICE = new Caller("alice", Set.of(Role.AUTHOR), null);

  @Inject
  Models models;

  @Inject
  Versions versions;

  @Inject
  LivePointers pointers;

  @Inject
  Clock clock;

  @Test
  void aNameIsTakenOnce() {
    models.create(ALICE, new ModelName("taken"), "first", Map.of("team", "a"));

    assertThatThrownBy(() -> models.create(ALICE, new ModelName("taken"), null, Map.of()))
        .isInstanceOf(AlreadyExists.class);
    assertThat(models.get("taken").description()).isEqualTo("first");
  }

  @Test
  void pagesFollowTheNameAndEndWithoutAToken() {
    for (String name : new String[] {"page-a", "page-b", "page-c"}) {
      models.create(ALICE, new ModelName(name), null, Map.of("paged", "yes"));
    }

    Page<ModelView> first = models.list("PAGE-", Map.of("paged", "yes"), 2, null);
    Page<ModelView> second = models.list("PAGE-", Map.of("paged", "yes"), 2, first.nextToken());

    assertThat(first.items()).extracting(ModelView::name).containsExactly("page-a", "page-b");
    assertThat(second.items()).extracting(ModelView::name).containsExactly("page-c");
    assertThat(second.nextToken()).isNull();
  }

  @Test
  void theLiveVersionCannotLeaveProductionWithoutThePointer() {
    models.create(ALICE, new ModelName("tied"), null, Map.of());
    VersionView version =
        versions.create(ALICE, "tied", new Versions.NewVersion(null, null, null, null, null));
    QuarkusTransaction.requiringNew().run(() -> {
      LivePointers.Model locked = pointers.lock("tied");
      pointers.pointTo(locked, version.id(), null, true, null, clock.instant());
    });

    assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
          pointers.lock("tied");
          pointers.moveStage(version.id(), Stage.ARCHIVED, clock.instant());
        }))
        .isNotNull();
    assertThat(versions.get("tied", 1).live()).isTrue();
    assertThat(versions.get("tied", 1).stage()).isEqualTo(Stage.PRODUCTION);
    assertThatThrownBy(() -> versions.delete(ALICE, "tied", 1, null)).isInstanceOf(Conflict.class);
  }
}
