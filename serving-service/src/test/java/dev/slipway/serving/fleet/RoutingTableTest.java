package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.feed.Feed;
import dev.slipway.common.feed.ReleaseStrategy;
import dev.slipway.common.feed.Role;
import dev.slipway.common.feed.ServingSettings;
import dev.slipway.common.stage.Stage;
import dev.slipway.serving.fleet.NotServedException.Reason;
import dev.slipway.serving.fleet.VersionSelector.Alias;
import dev.slipway.serving.fleet.VersionSelector.Exact;
import dev.slipway.serving.fleet.VersionSelector.InStage;
import dev.slipway.serving.fleet.VersionSelector.Live;
import dev.slipway.serving.testing.Feeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
  private final Map<Integer, Servable> ready = new HashMap<>();
  private Feed.Model model =
      Feeds.model("m", v(3, Role.LIVE), v(2, Role.STANDBY), v(4, Role.PREPARE), v(5, Role.STAGED));

  RoutingTableTest() {
    for (int version = 1; version <= 5; version++) {
      ready.put(version, servable(version));
    }
  }

  @Test
  void aRequestWithoutAVersionGoesToTheLiveOne() throws Exception {
    assertThat(found(Live.ANY)).isEqualTo(3);
    assertThat(found(new InStage(Stage.PRODUCTION))).isEqualTo(3);
  }

  @Test
  void liveStandbyAndStagedVersionsMayBeNamedAndPreparedOnesMayNot() throws Exception {
    assertThat(found(new Exact(2))).isEqualTo(2);
    assertThat(found(new Exact(5))).isEqualTo(5);
    assertThat(found(new InStage(Stage.STAGING))).isEqualTo(5);
    refused(new Exact(4), Reason.VERSION_NOT_SERVED, "versions served: [2, 3, 5]");
    refused(new Exact(1), Reason.VERSION_NOT_SERVED, "version 1 of model 'm' is not served");
  }

  @Test
  void aliasesLeadToTheirVersionAndNowhereElse() throws Exception {
    model = new Feed.Model(
        "m",
        model.versions(),
        model.traffic(),
        null,
        1,
        Map.of("champion", 2, "rogue", 4),
        Map.of());

    assertThat(found(new Alias("champion"))).isEqualTo(2);
    refused(new Alias("rogue"), Reason.VERSION_NOT_SERVED, "'rogue'");
    refused(new Alias("nobody"), Reason.VERSION_NOT_SERVED, "'nobody'");
  }

  @Test
  void nothingAnswersInPlaceOfALiveVersionThatIsNotReady() {
    ready.remove(3);

    refused(
        Live.ANY,
        Reason.NOT_READY,
        "version 3 of model 'm' is live and not ready on this replica: loading");
  }

  @Test
  void aModelWithoutALiveVersionSaysSo() {
    model = Feeds.model("m", v(2, Role.STANDBY));

    refused(
        Live.ANY, Reason.NO_LIVE_VERSION, "model 'm' has no live version; versions served: [2]");
  }

  @Test
  void anUnknownModelSaysSo() {
    assertThatThrownBy(() -> table().route("other"))
        .isInstanceOfSatisfying(
            NotServedException.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_MODEL))
        .hasMessageContaining("'other'");
  }

  @Test
  void trafficIsSplitAsTheSharesSay() throws Exception {
    split(7_500, 2_500);
    Map<Integer, Integer> counts = new HashMap<>();

    for (int i = 0; i < 20_000; i++) {
      counts.merge(found(Live.ANY), 1, Integer::sum);
    }

    assertThat(counts.get(2)).isBetween(4_600, 5_400);
    assertThat(counts.get(3) + counts.get(2)).isEqualTo(20_000);
  }

  @Test
  void aHeaderThatTheReleaseNamesKeepsACallerOnOneVersionAndCallersSpread() throws Exception {
    split(5_000, 5_000, new ReleaseStrategy.Sticky("X-Tenant", false));
    Map<Integer, Integer> counts = new HashMap<>();

    for (int user = 0; user < 4_000; user++) {
      int version = found(new Live(traits("user-" + user, null)));
      assertThat(found(new Live(traits("user-" + user, null)))).isEqualTo(version);
      counts.merge(version, 1, Integer::sum);
    }

    assertThat(counts.get(2)).isBetween(1_800, 2_200);
  }

  @Test
  void whoIsOnTheNewVersionStaysThereWhenItsShareGrows() throws Exception {
    var sticky = new ReleaseStrategy.Sticky(null, true);
    split(9_000, 1_000, sticky);
    List<Integer> early = new ArrayList<>();
    for (int request = 0; request < 2_000; request++) {
      if (found(new Live(traits(null, request))) == 2) {
        early.add(request);
      }
    }
    assertThat(early).hasSizeBetween(120, 280);

    split(5_000, 5_000, sticky);

    for (int request : early) {
      assertThat(found(new Live(traits(null, request)))).isEqualTo(2);
    }
  }

  private static VersionSelector.Traits traits(String tenant, Integer content) {
    return new VersionSelector.Traits() {
      @Override
      public String header(String name) {
        return name.equals("X-Tenant") ? tenant : null;
      }

      @Override
      public Integer contentHash() {
        return content;
      }
    };
  }

  @Test
  void theShareOfAVersionThatIsNotReadyFallsToTheLiveOne() throws Exception {
    split(5_000, 5_000);
    ready.remove(2);

    for (int i = 0; i < 100; i++) {
      assertThat(found(Live.ANY)).isEqualTo(3);
    }
  }

  @Test
  void listsWhatAnswersNow() {
    ready.remove(5);

    assertThat(table().readyModels()).containsExactly("m");
    assertThat(table().routes().get("m").readyVersions()).containsExactly(2, 3);
  }

  private void split(int live, int other) {
    split(live, other, null);
  }

  private void split(int live, int other, ReleaseStrategy.Sticky sticky) {
    model = new Feed.Model(
        "m",
        model.versions(),
        List.of(new Feed.TrafficShare(3, live), new Feed.TrafficShare(2, other)),
        null,
        1,
        Map.of(),
        Map.of(),
        new Feed.Split(2, 0, sticky));
  }

  private int found(VersionSelector selector) throws NotServedException {
    return table().route("m").find(selector).id().version();
  }

  private void refused(VersionSelector selector, Reason reason, String message) {
    assertThatThrownBy(() -> found(selector))
        .isInstanceOfSatisfying(
            NotServedException.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  private RoutingTable table() {
    var route = new ModelRoute(model, version -> ready.get(version.number()), version -> "loading");
    return RoutingTable.empty().with("m", route);
  }

  private static Servable servable(int version) {
    var id = new ServableId(
        "m", version, Feeds.digest("v" + version), LoadOptions.of(ServingSettings.defaults()));
    return new Servable(
        id, 1, new ServableStats(), new ServableState.Loading(1), Instant.EPOCH, ignored -> {});
  }

  private static Feed.Version v(int number, Role... roles) {
    return Feeds.version(number, Feeds.digest("v" + number), roles);
  }
}
