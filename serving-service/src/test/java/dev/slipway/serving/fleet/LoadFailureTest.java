package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.serving.fleet.LoadFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadFailureTest {

  @Test
  void aStoreThatIsAwayIsTriedSoonAndThenLessOften() {
    var failure = new LoadFailure(Kind.STORE_UNREACHABLE, "away");

    assertThat(failure.retryAfter(1)).contains(Duration.ofMillis(200));
    assertThat(failure.retryAfter(3)).contains(Duration.ofMillis(800));
    assertThat(failure.retryAfter(1_000)).contains(Duration.ofSeconds(10));
  }

  @Test
  void wrongBytesAreTriedSlowlyAndRefusedModelsNotAtAll() {
    assertThat(new LoadFailure(Kind.CORRUPT, "x").retryAfter(1)).contains(Duration.ofMinutes(1));
    assertThat(new LoadFailure(Kind.NOT_SERVABLE, "x").retryAfter(1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatPassesByItselfIsTriedAgainByItself(Kind kind) {
    var failure = new LoadFailure(kind, "x");

    if (failure.passing()) {
      assertThat(failure.retryAfter(1).orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    } else {
      assertThat(failure.retryAfter(1).map(wait -> wait.compareTo(Duration.ofSeconds(10)) > 0))
          .isNotEqualTo(java.util.Optional.of(false));
    }
  }
}
