package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.serving.fleet.FleetManager.Action;
import dev.slipway.serving.fleet.FleetManager.Actual;
import dev.slipway.serving.fleet.ServableState.Loading;
import dev.slipway.serving.fleet.ServableState.Ready;
import dev.slipway.serving.testing.Feeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever feeds come, carrying the plan out ends, holds what is wanted, and never drops what answers. */
class FleetManagerConvergenceTest {
  private static final Instant NOW = Instant.EPOCH;

  private final FleetManager manager = new FleetManager(2, Long.MAX_VALUE);

  @Property(tries = 300)
  void followsAnySequenceOfFeeds(@ForAll("feeds") List<Feed> feeds) {
    Map<ServableId, Actual> held = new LinkedHashMap<>();
    for (Feed feed : feeds) {
      DesiredState desired = DesiredState.of(feed, Selector.all());
      Map<Digest, Long> memory = new HashMap<>();
      desired.digests().forEach(digest -> memory.put(digest, 1L));
      int turns = 0;
      for (List<Action> actions = plan(desired, held, memory);
          !actions.isEmpty() || finishLoads(held);
          actions = plan(desired, held, memory)) {
        assertThat(turns++).isLessThan(100);
        for (Action action : actions) {
          carryOut(action, desired, held);
        }
      }
      assertThat(held.keySet())
          .containsExactlyInAnyOrderElementsOf(
              desired.wanted().stream().map(DesiredState.Wanted::id).toList());
      assertThat(held.values()).allMatch(Actual::isReady);
    }
  }

  private List<Action> plan(
      DesiredState desired, Map<ServableId, Actual> held, Map<Digest, Long> memory) {
    return manager
        .plan(desired, new FleetManager.Situation(held, List.of(), memory, 1, NOW))
        .actions();
  }

  private static void carryOut(Action action, DesiredState desired, Map<ServableId, Actual> held) {
    switch (action) {
      case Action.Load(DesiredState.Wanted wanted) -> {
        assertThat(held).doesNotContainKey(wanted.id());
        held.put(wanted.id(), new Actual(wanted.id(), new Loading(1), 1));
      }
      case Action.Unload(ServableId id) -> {
        assertThat(desired.wanted()).noneMatch(wanted -> wanted.id().equals(id));
        held.remove(id);
      }
      default -> throw new AssertionError(action);
    }
  }

  private static boolean finishLoads(Map<ServableId, Actual> held) {
    List<ServableId> loading =
        held.values().stream().filter(Actual::loads).map(Actual::id).toList();
    loading.forEach(id -> held.put(id, new Actual(id, new Ready(null, Duration.ZERO), 1)));
    return !loading.isEmpty();
  }

  @Provide
  Arbitrary<List<Feed>> feeds() {
    Arbitrary<Set<Role>> roles = Arbitraries.of(Role.class).set().ofMinSize(1).ofMaxSize(2);
    Arbitrary<Feed.Version> version = Combinators.combine(
            Arbitraries.integers().between(1, 4), roles)
        .as((number, all) ->
            Feeds.version(number, Feeds.digest("v" + number), all.toArray(Role[]::new)));
    Arbitrary<List<Feed.Version>> versions =
        version.list().ofMinSize(1).ofMaxSize(4).uniqueElements(Feed.Version::number);
    Arbitrary<Feed> feed = Combinators.combine(versions, versions)
        .as((first, second) -> Feeds.feed(
            1,
            Feeds.model("a", first.toArray(Feed.Version[]::new)),
            Feeds.model("b", second.toArray(Feed.Version[]::new))));
    return feed.list().ofMinSize(1).ofMaxSize(6).map(ArrayList::new);
  }
}
