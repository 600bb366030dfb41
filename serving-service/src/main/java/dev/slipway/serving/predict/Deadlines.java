package dev.slipway.serving.predict;

import dev.slipway.serving.fleet.ServableHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long a version may take for a request. */
final class Deadlines {
  /** A live version that takes less of a request's time than one part in so many is sure to answer in half of it. */
  private static final int SURELY = 10;

  private final Lanes lanes;
  private final long usual;

  /**
   * @param usual for models whose settings say nothing
   */
  Deadlines(Lanes lanes, Duration usual) {
    this.lanes = lanes;
    this.usual = usual.toNanos();
  }

  /**
   * Until when, by {@link System#nanoTime}.
   *
   * @param timeoutMicros what the caller allows, which may be less than the model's settings give, not more; 0 for nothing said
   * @param started when all of the request was there
   */
  long of(ServableHandle handle, long timeoutMicros, long started) {
    Integer set = handle.settings().deadlineMs();
    long most = set != null ? TimeUnit.MILLISECONDS.toNanos(set) : usual;
    long asked = timeoutMicros > 0 ? TimeUnit.MICROSECONDS.toNanos(timeoutMicros) : most;
    long allowed = Math.min(most, asked);
    return started + (handle.isOnTrial() ? onTrial(handle, allowed) : allowed);
  }

  /** Half, so that the live version can still answer when this one does not; all, where it would hardly be done in the rest. */
  private long onTrial(ServableHandle handle, long allowed) {
    try (ServableHandle live = handle.standIn()) {
      boolean enough =
          live != null && lanes.of(live).pace().averageNanos() < (double) allowed / SURELY;
      return enough ? allowed / 2 : allowed;
    }
  }
}
