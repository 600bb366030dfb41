package dev.slipway.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CallerGoneTest {
  @Test
  void aConnectionThatClosedUnderABodyIsTheCallersDoing() {
    var read = new IOException(new IOException(new HttpClosedException("Connection was closed")));

    assertThat(CallerGone.isBehind(new IllegalStateException(read))).isTrue();
    assertThat(CallerGone.isBehind(new IOException("disk full"))).isFalse();
  }
}
