package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.feed.Feed;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FeedGateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Example
  void aHigherRevisionReplacesALowerOne() {
    var gate = new FeedGate(feed("a", 3));

    assertThat(gate.admit(feed("a", 4), NOW)).isTrue();
    assertThat(gate.current()).isEqualTo(feed("a", 4));
  }

  @Example
  void anOlderOrRepeatedRevisionIsIgnored() {
    var gate = new FeedGate(feed("a", 3));

    assertThat(gate.admit(feed("a", 2), NOW)).isFalse();
    assertThat(gate.admit(feed("a", 3), NOW)).isFalse();
    assertThat(gate.current()).isEqualTo(feed("a", 3));
  }

  @Example
  void aNewEpochReplacesEverythingWhateverItsRevision() {
    var gate = new FeedGate(feed("a", 300));

    assertThat(gate.admit(feed("b", 1), NOW)).isTrue();
    assertThat(gate.current()).isEqualTo(feed("b", 1));
  }

  @Example
  void whatCouldNotBeFollowedMayBeOfferedAgain() {
    var gate = new FeedGate(feed("a", 300));
    for (Feed next : List.of(feed("a", 301), feed("b", 1))) {
      Feed before = gate.current();
      gate.admit(next, NOW);
      gate.takeBack(before);

      assertThat(gate.current()).isEqualTo(before);
      assertThat(gate.admit(next, NOW)).isTrue();
    }
    assertThat(gate.admit(feed("a", 302), NOW)).isFalse();
    assertThat(gate.current()).isEqualTo(feed("b", 1));
  }

  @Example
  void aReplacedEpochIsIgnoredWhileTheNewOneIsHeardToo() {
    var gate = new FeedGate(feed("a", 300));
    gate.admit(feed("b", 1), NOW);

    for (int second = 0; second < 60; second++) {
      assertThat(gate.admit(feed("a", 301), NOW.plusSeconds(second))).isFalse();
      gate.confirmed();
    }
    assertThat(gate.current()).isEqualTo(feed("b", 1));
  }

  @Example
  void aReplacedEpochThatIsAllThereIsToHearIsTakenBack() {
    var gate = new FeedGate(feed("a", 300));
    gate.admit(feed("b", 1), NOW);

    assertThat(gate.admit(feed("a", 300), NOW)).isFalse();
    assertThat(gate.admit(feed("a", 300), NOW.plusSeconds(9))).isFalse();
    assertThat(gate.admit(feed("a", 300), NOW.plusSeconds(10))).isTrue();
  }

  @Property(tries = 500)
  void whateverComesRevisionsOnlyGrowWithinAnEpochAndOldEpochsStayAway(
      @ForAll("offers") List<Feed> offers) {
    var gate = new FeedGate(Feed.empty());
    Map<String, Long> highest = new HashMap<>();
    String epoch = "";
    for (Feed offer : offers) {
      boolean admitted = gate.admit(offer, NOW);
      if (admitted) {
        assertThat(offer.revision()).isGreaterThan(highest.getOrDefault(offer.epoch(), -1L));
        if (!offer.epoch().equals(epoch)) {
          assertThat(highest).doesNotContainKey(offer.epoch());
        }
        highest.put(offer.epoch(), offer.revision());
        epoch = offer.epoch();
      }
      assertThat(gate.current().epoch()).isEqualTo(epoch);
    }
  }

  @Provide
  Arbitrary<List<Feed>> offers() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "c"), Arbitraries.longs().between(0, 8))
        .as(FeedGateTest::feed)
        .list()
        .ofMaxSize(30);
  }

  private static Feed feed(String epoch, long revision) {
    return new Feed(epoch, revision, List.of());
  }
}
