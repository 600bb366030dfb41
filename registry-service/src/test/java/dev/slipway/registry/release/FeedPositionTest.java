package dev.slipway.registry.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.registry.release.FeedRevision.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one registry tells another of the feed. */
class FeedPositionTest {
  @Test
  void whatWasToldIsRead() {
    assertThat(Position.read("c0ffee 17")).contains(new Position("c0ffee", 17));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"17", "c0ffee", "c0ffee -1", "c0ffee 1 2", "c0ffee 99999999999999999999"})
  void whatSaysNoPositionIsAHintOnly(String told) {
    assertThat(Position.read(told)).isEmpty();
  }

  @Test
  void onlyAPositionOfTheSameEpochIsReachedByALaterOne() {
    var position = new Position("one", 5);

    assertThat(position.isReachedBy(new Position("one", 5))).isTrue();
    assertThat(position.isReachedBy(new Position("one", 6))).isTrue();
    assertThat(position.isReachedBy(new Position("one", 4))).isFalse();
    assertThat(position.isReachedBy(new Position("two", 9))).isFalse();
    assertThat(position.isReachedBy(null)).isFalse();
  }
}
