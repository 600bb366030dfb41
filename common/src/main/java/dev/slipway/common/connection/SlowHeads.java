package dev.slipway.common.connection;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * Gives up connections whose requests do not arrive: a head (request line and headers, or HTTP/2's preface and header frames) must
 * be complete in a set time after its first byte. An idle time-out alone never ends a caller who sends one byte now and then.
 *
 * <p>Neither Quarkus nor Vert.x shows a connection before its first request is complete, so it is Netty that calls, through
 * {@code META-INF/services}; it looks there only where {@link #switchOn} was called before its first port opened.
 */
public final class SlowHeads extends ChannelInitializerExtension {
  /** What the limit is until {@link #limit(Duration)} says otherwise. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

  /** Netty makes its extensions itself, so they find the limit here. */
  private static volatile Duration limit = DEFAULT_LIMIT;

  /** Before Netty is first touched. */
  public static void switchOn() {
    System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
  }

  /**
   * How long a head may take, for connections that are opened from now on.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public static void limit(Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("the time for a request's head must be positive");
    }
    limit = time;
  }

  @Override
  public void postInitializeServerChildChannel(Channel connection) {
    connection.pipeline().addFirst(new HeadGuard(limit));
  }
}
