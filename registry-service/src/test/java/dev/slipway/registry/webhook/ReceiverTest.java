package dev.slipway.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverTest {
  private final Receiver guarded = new Receiver(config(), Clock.systemUTC());

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "2130706433", "0"})
  void aReceiverThatIsNotPublicIsNotConnectedToWhateverItIsCalled(String host) throws IOException {
    try (var receiver = new TestReceiver()) {
      int port = java.net.URI.create(receiver.url()).getPort();
      Receiver.Answer answer =
          guarded.send(new Receiver.Message("id", "http://" + host + ':' + port + "/", "{}", null));
      assertThat(answer.status()).isZero();
      assertThat(answer.error()).isNotBlank();
    }
  }

  @Test
  void theRefusalSaysWhy() throws IOException {
    try (var receiver = new TestReceiver()) {
      assertThat(guarded
              .send(new Receiver.Message("id", receiver.url(), "{}", null))
              .error())
          .contains("127.0.0.1 is not a public one");
    }
  }

  @Test
  void whatIsNoUrlIsAnErrorAndNoCrash() {
    assertThat(guarded.send(new Receiver.Message("id", "nonsense", "{}", null)).error())
        .isNotBlank();
  }

  private static WebhookConfig config() {
    return new WebhookConfig() {
      @Override
      public boolean allowInsecure() {
        return false;
      }

      @Override
      public Optional<String> secretKey() {
        return Optional.empty();
      }

      @Override
      public Duration timeout() {
        return Duration.ofSeconds(2);
      }
    };
  }
}
