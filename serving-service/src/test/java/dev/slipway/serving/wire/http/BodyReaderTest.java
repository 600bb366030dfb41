package dev.slipway.serving.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the array grows in which a body is collected. */
class BodyReaderTest {
  private static final int LIMIT = 64 << 20;
  private static final int PROMISED = 3 << 20;
  private static final int NO_PROMISE = Integer.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(ints = {8 << 10, 16 << 10, 64 << 10})
  void aPromisedBodyOfMegabytesIsCopiedAtMostTwice(int chunk) {
    int copied = copied(chunk, PROMISED);

    assertThat(copied).isLessThan(PROMISED / 2);
    assertThat(copied(chunk, NO_PROMISE)).isGreaterThan(2 * copied);
  }

  /** Bytes that were copied from an array to the next while a body of that promise came in chunks. */
  private static int copied(int chunk, int promised) {
    int copied = 0;
    int capacity = 0;
    int copies = 0;
    for (int came = chunk; came <= PROMISED; came += chunk) {
      if (came > capacity) {
        copied += came - chunk;
        copies += came > chunk ? 1 : 0;
        capacity = BodyReader.room(came, promised, LIMIT);
        assertThat(capacity).isGreaterThanOrEqualTo(came);
      }
    }
    if (promised == PROMISED) {
      assertThat(capacity).as("no more than was promised").isEqualTo(PROMISED);
      assertThat(copies).isLessThanOrEqualTo(2);
    }
    return copied;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 5_000, 1 << 20})
  void aPromiseThatIsNotKeptTakesLittleMoreThanWhatCame(int came) {
    assertThat(BodyReader.room(came, LIMIT - 1, LIMIT))
        .isLessThanOrEqualTo(Math.max(2048, 32 * came));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 5_000, 1 << 20})
  void nothingIsTakenBeyondTheLimitOrThePromise(int came) {
    int limit = came + 10;
    assertThat(BodyReader.room(came, NO_PROMISE, limit)).isBetween(came, limit);
    assertThat(BodyReader.room(came, came + 5, limit)).isBetween(came, came + 5);
    assertThat(BodyReader.room(came, came, limit)).isEqualTo(came);
  }
}
