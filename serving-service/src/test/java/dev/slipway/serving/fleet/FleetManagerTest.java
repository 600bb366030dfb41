package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.feed.SessionOptions;
import dev.slipway.common.report.ReplicaReport.Selector;
import dev.slipway.serving.fleet.FleetManager.Action;
import dev.slipway.serving.fleet.FleetManager.Actual;
import dev.slipway.serving.fleet.LoadFailure.Kind;
import dev.slipway.serving.fleet.ServableState.Draining;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables: what is wanted and what is there on the left, the next steps on the right. No threads, no clock. */
class FleetManagerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ServableState READY = new Ready(null, Duration.ZERO);
  private static final ServableState LOADING = new Loading(1);
  private static final long MIB = 1 << 20;
  private static final ServingSettings NO_STANDBY =
      new ServingSettings(null, null, null, null, null, null, null, null, false);

  private final FleetManager manager = new FleetManager(2, 100 * MIB);
  private final Map<ServableId, Actual> held = new LinkedHashMap<>();
  private final List<Actual> leaving = new ArrayList<>();
  private final Map<Digest, Long> memory = new HashMap<>();
  private DesiredState desired = DesiredState.none();
  private long feedSerial = 1;
  private Instant now = NOW;

  @Test
  void measuresBeforeItLoads() {
    want(Feeds.model("m", v(1, Role.LIVE)));
    memory.clear();

    assertThat(steps()).containsExactly("measure m/1");
  }

  @Test
  void loadsLiveThenPrepareThenStandbyThenStagedThenAliased() {
    want(Feeds.model(
        "m",
        v(1, Role.ALIASED),
        v(2, Role.STAGED),
        v(3, Role.STANDBY),
        v(4, Role.PREPARE),
        v(5, Role.LIVE)));

    assertThat(new FleetManager(10, 100 * MIB).plan(desired, situation()).actions())
        .extracting(FleetManagerTest::text)
        .containsExactly("load m/5", "load m/4", "load m/3", "load m/2", "load m/1");
  }

  @Test
  void loadsNoMoreAtOnceThanAllowedButLiveHasAPlaceOfItsOwn() {
    want(Feeds.model(
        "m", v(1, Role.STAGED), v(2, Role.STAGED), v(3, Role.PREPARE), v(4, Role.LIVE)));
    is("m", 1, LOADING);
    is("m", 2, LOADING);

    assertThat(steps()).containsExactly("load m/4");
  }

  @Test
  void loadsThatWillBeThrownAwayStillTakeTheirPlace() {
    want(Feeds.model("m", v(3, Role.PREPARE)));
    leaving.add(new Actual(id("m", 1), LOADING, MIB));
    leaving.add(new Actual(id("m", 2), LOADING, MIB));

    assertThat(steps()).isEmpty();
  }

  @Test
  void unloadsWhatIsNoLongerWanted() {
    want(Feeds.model("m", v(2, Role.LIVE)));
    is("m", 1, READY);
    is("m", 2, READY);

    assertThat(steps()).containsExactly("unload m/1");
  }

  @Test
  void unloadsEverythingOfAModelThatLeftTheFeed() {
    want();
    is("m", 1, READY);
    is("m", 2, LOADING);

    assertThat(steps()).containsExactlyInAnyOrder("unload m/1", "unload m/2");
  }

  @Test
  void keepsTheOnlyReadyVersionUntilTheLiveOneIsReady() {
    want(Feeds.model("m", v(2, Role.LIVE)));
    is("m", 1, READY);
    assertThat(steps()).containsExactly("load m/2");

    is("m", 2, LOADING);
    assertThat(steps()).isEmpty();

    is("m", 2, READY);
    assertThat(steps()).containsExactly("unload m/1");
  }

  @Test
  void letsAnOldVersionGoWhenTheLiveOneFailedForGood() {
    want(Feeds.model("m", v(2, Role.LIVE)));
    is("m", 1, READY);
    is("m", 2, LOADING);
    fails("m", 2, Kind.NOT_SERVABLE);

    assertThat(steps()).containsExactly("unload m/1");
  }

  static Stream<ServingSettings> settingsOfALoad() {
    var noArena = new SessionOptions(null, false, null, null);
    return Stream.of(
        new ServingSettings(4, null, null, null, null, null, null, null, null),
        new ServingSettings(
            null, null, null, null, null, null, null, null, null, null, null, noArena));
  }

  @ParameterizedTest
  @MethodSource("settingsOfALoad")
  void reloadsForNewOptionsBeforeItLetsTheOldLoadGo(ServingSettings options) {
    want(Feeds.model("m", options, v(1, Role.LIVE)));
    is("m", 1, READY);
    assertThat(steps()).containsExactly("load m/1");

    ServableId reloaded = desired.wanted().getFirst().id();
    held.put(reloaded, new Actual(reloaded, LOADING, MIB));
    assertThat(steps()).isEmpty();

    held.put(reloaded, new Actual(reloaded, READY, MIB));
    assertThat(manager.plan(desired, situation()).actions())
        .containsExactly(new Action.Unload(id("m", 1)));
  }

  @Test
  void failuresThatPassAreTriedAgainWhenTheirTimeHasCome() {
    want(Feeds.model("m", v(1, Role.LIVE)));
    fails("m", 1, Kind.STORE_UNREACHABLE);

    assertThat(steps()).isEmpty();
    assertThat(manager.plan(desired, situation()).wakeAt()).contains(NOW.plusMillis(200));

    now = NOW.plusMillis(200);
    assertThat(steps()).containsExactly("load m/1");
  }

  @Test
  void aModelThatTheEngineRefusesIsNotTriedAgain() {
    want(Feeds.model("m", v(1, Role.LIVE)));
    fails("m", 1, Kind.NOT_SERVABLE);
    now = NOW.plus(Duration.ofDays(1));
    feedSerial++;

    assertThat(steps()).isEmpty();
    assertThat(manager.plan(desired, situation()).wakeAt()).isEmpty();
  }

  @Test
  void aFailedPrepareIsTriedAgainOnceTheFeedHasMoved() {
    want(Feeds.model("m", v(1, Role.PREPARE)));
    fails("m", 1, Kind.CORRUPT);
    assertThat(steps()).isEmpty();

    feedSerial++;
    assertThat(steps()).containsExactly("load m/1");
  }

  @Test
  void refusesAPrepareThatDoesNotFitAndSaysTheFigures() {
    want(Feeds.model("m", v(1, Role.LIVE), v(2, Role.PREPARE)));
    is("m", 1, READY, 60 * MIB);
    memory.put(digest(2), 50 * MIB);

    List<Action> actions = manager.plan(desired, situation()).actions();

    assertThat(actions).hasSize(1);
    assertThat(((Action.Refuse) actions.getFirst()).cause().kind()).isEqualTo(Kind.OVER_BUDGET);
    assertThat(((Action.Refuse) actions.getFirst()).cause().message())
        .contains("50 MiB", "60 MiB of 100 MiB", "m version 2");
  }

  @Test
  void saysARefusalOnceAndLoadsWhenThereIsRoom() {
    want(Feeds.model("m", v(1, Role.LIVE), v(2, Role.PREPARE)));
    is("m", 1, READY, 60 * MIB);
    memory.put(digest(2), 50 * MIB);
    var refusal = (Action.Refuse) manager.plan(desired, situation()).actions().getFirst();
    held.put(id("m", 2), new Actual(id("m", 2), failedWith(refusal.cause()), 0));
    assertThat(steps()).isEmpty();

    is("m", 1, READY, 40 * MIB);
    assertThat(steps()).containsExactly("load m/2");
  }

  @Test
  void nothingTakesTheMemoryOfALiveVersionThatIsStillToLoad() {
    want(Feeds.model("m", v(1, Role.LIVE), v(2, Role.STANDBY)));
    memory.put(digest(2), 90 * MIB);
    memory.remove(digest(1));
    assertThat(steps()).containsExactly("measure m/1");

    memory.put(digest(1), 60 * MIB);
    assertThat(steps()).containsExactly("load m/1", "refuse m/2");
  }

  @Test
  void waitsForRoomThatIsBeingMade() {
    want(Feeds.model("m", v(2, Role.LIVE), v(3, Role.PREPARE)));
    is("m", 2, READY, 40 * MIB);
    leaving.add(new Actual(id("m", 1), new Draining(null), 40 * MIB));
    memory.put(digest(3), 50 * MIB);
    assertThat(steps()).isEmpty();

    leaving.clear();
    assertThat(steps()).containsExactly("load m/3");
  }

  @Test
  void aWaivedStandbyIsNotCountedBesideItsSuccessor() {
    want(Feeds.model("m", NO_STANDBY, v(1, Role.LIVE), v(2, Role.PREPARE)));
    is("m", 1, READY, 60 * MIB);
    memory.put(digest(2), 50 * MIB);

    assertThat(steps()).containsExactly("load m/2");
  }

  @Test
  void aLiveVersionIsNeverRefusedForMemory() {
    want(Feeds.model("m", v(1, Role.LIVE)));
    memory.put(digest(1), 500 * MIB);

    assertThat(steps()).containsExactly("load m/1");
  }

  @Test
  void aVersionWithTrafficIsAsUrgentAsALiveOne() {
    var canary = new Feed.Model(
        "m",
        List.of(v(1, Role.LIVE), v(2, Role.PREPARE)),
        List.of(new Feed.TrafficShare(1, 9_000), new Feed.TrafficShare(2, 1_000)),
        null,
        1,
        Map.of(),
        Map.of());
    want(canary);

    assertThat(desired.wanted())
        .extracting(DesiredState.Wanted::rank)
        .containsOnly(DesiredState.Rank.LIVE);
  }

  @Test
  void aSelectorLeavesOtherModelsAlone() {
    Feed feed =
        Feeds.feed(1, Feeds.model("mine", v(1, Role.LIVE)), Feeds.model("theirs", v(1, Role.LIVE)));

    DesiredState state = DesiredState.of(feed, new Selector(List.of("mine"), Map.of()));

    assertThat(state.wanted()).extracting(each -> each.id().model()).containsExactly("mine");
    assertThat(state.feed().revision()).isEqualTo(1);
  }

  private void want(Feed.Model... models) {
    desired = DesiredState.of(Feeds.feed(1, models), Selector.all());
    desired.digests().forEach(digest -> memory.putIfAbsent(digest, MIB));
  }

  private void is(String model, int version, ServableState state) {
    is(model, version, state, MIB);
  }

  private void is(String model, int version, ServableState state, long bytes) {
    held.put(id(model, version), new Actual(id(model, version), state, bytes));
  }

  private void fails(String model, int version, Kind kind) {
    var failed = new Loading(1).failed(new LoadFailure(kind, "why"), NOW, feedSerial);
    held.put(id(model, version), new Actual(id(model, version), failed, 0));
  }

  private ServableState failedWith(LoadFailure cause) {
    return new Loading(1).failed(cause, NOW, feedSerial);
  }

  private List<String> steps() {
    return manager.plan(desired, situation()).actions().stream()
        .map(FleetManagerTest::text)
        .toList();
  }

  private FleetManager.Situation situation() {
    return new FleetManager.Situation(held, leaving, memory, feedSerial, now);
  }

  private static String text(Action action) {
    return switch (action) {
      case Action.Measure measure -> "measure " + text(measure.wanted().id());
      case Action.Load load -> "load " + text(load.wanted().id());
      case Action.Refuse refuse -> "refuse " + text(refuse.wanted().id());
      case Action.Unload unload -> "unload " + text(unload.id());
    };
  }

  private static String text(ServableId id) {
    return id.model() + "/" + id.version();
  }

  private static Feed.Version v(int number, Role... roles) {
    return Feeds.version(number, digest(number), roles);
  }

  private static ServableId id(String model, int version) {
    return new ServableId(
        model, version, digest(version), LoadOptions.of(ServingSettings.defaults()));
  }

  private static Digest digest(int version) {
    return Feeds.digest("v" + version);
  }
}
