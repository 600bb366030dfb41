package dev.slipway.serving.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RegistryContactTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final RegistryContact contact = new RegistryContact(Duration.ofSeconds(5), START);

  @Test
  void aShortSilenceIsNothingAndALongOneIsStaleSinceItBegan() {
    assertThat(contact.staleSince(START.plusSeconds(5))).isEmpty();
    assertThat(contact.staleSince(START.plusSeconds(6))).contains(START);
  }

  @Test
  void anAnsweredReportCountsBetweenTwoPolls() {
    contact.reportAnswered(START.plusSeconds(20));

    assertThat(contact.staleSince(START.plusSeconds(24))).isEmpty();
  }

  @Test
  void anAnsweredReportDoesNotHideAFeedThatIsNotAnswered() {
    assertThat(contact.failed("no connection")).isTrue();
    assertThat(contact.failed("no connection")).isFalse();
    contact.reportAnswered(START.plusSeconds(20));

    assertThat(contact.staleSince(START.plusSeconds(21))).contains(START);
    assertThat(contact.trouble()).contains("no connection");

    assertThat(contact.heard(START.plusSeconds(22))).isTrue();
    assertThat(contact.trouble()).isEmpty();
    assertThat(contact.staleSince(START.plusSeconds(23))).isEmpty();
  }

  @Test
  void lagIsNeverNegative() {
    assertThat(contact.lag(START.minusSeconds(3))).isZero();
    assertThat(contact.lag(START.plusSeconds(3))).isEqualTo(Duration.ofSeconds(3));
  }
}
