package dev.slipway.common.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Digest;
import dev.slipway.common.stage.Stage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;

class FeedTest {

  @Property
  void whateverTheOrderAndRepetitionTheHighestRevisionStays(
      @ForAll @NotEmpty List<@LongRange(min = 1, max = 20) Long> arrivals) {
    Feed current = Feed.empty();
    for (long revision : arrivals) {
      Feed arrived = feed("epoch", revision);
      boolean replaces = arrived.supersedes(current);
      assertThat(replaces)
          .isEqualTo(!current.epoch().equals("epoch") || revision > current.revision());
      current = replaces ? arrived : current;
    }

    assertThat(current.revision())
        .isEqualTo(arrivals.stream().max(Long::compare).orElseThrow());
  }

  @Example
  void repeatedOrOlderRevisionIsIgnoredWithinAnEpoch() {
    assertThat(feed("a", 5).supersedes(feed("a", 5))).isFalse();
    assertThat(feed("a", 4).supersedes(feed("a", 5))).isFalse();
    assertThat(feed("a", 6).supersedes(feed("a", 5))).isTrue();
  }

  @Example
  void newEpochReplacesEverythingWhateverItsRevision() {
    assertThat(feed("b", 1).supersedes(feed("a", 500))).isTrue();
    assertThat(feed("a", 0).supersedes(Feed.empty())).isTrue();
  }

  @Example
  void modelFindsItsVersionsByNumberAndByRole() {
    var live = new Feed.Version(2, digest(2), Set.of(Role.LIVE, Role.ALIASED), Stage.PRODUCTION);
    var standby = new Feed.Version(1, digest(1), Set.of(Role.STANDBY), Stage.ARCHIVED);
    var model = new Feed.Model("iris", List.of(standby, live), null, null, 1, null, null);

    assertThat(model.live()).contains(live);
    assertThat(model.version(1)).contains(standby);
    assertThat(model.version(3)).isEmpty();
    assertThat(model.settings()).isEqualTo(ServingSettings.defaults());
    assertThat(model.traffic()).isEmpty();
    assertThat(model.aliases()).isEqualTo(Map.of());
  }

  @Example
  void settingsThatAreNotSetKeepTheStandbyAndHideStaging() {
    assertThat(ServingSettings.defaults().keepsStandby()).isTrue();
    assertThat(ServingSettings.defaults().servesStaging()).isFalse();
  }

  private static Feed feed(String epoch, long revision) {
    return new Feed(epoch, revision, List.of());
  }

  private static Digest digest(int number) {
    return Digest.of(new byte[] {(byte) number});
  }
}
