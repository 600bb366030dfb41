package dev.slipway.launcher.user;

import dev.slipway.launcher.CommandFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks again and again. */
final class Watch {
  private static final long EVERY_MILLIS = 250;

  private Watch() {}

  /**
   * The first answer that is not null.
   *
   * @param otherwise what is still so when the time is up: exit code 4
   */
  static <T> T until(Duration limit, String otherwise, Supplier<T> look) {
    long begin = System.nanoTime();
    for (T found = look.get(); ; found = look.get()) {
      if (found != null) {
        return found;
      }
      if (System.nanoTime() - begin > limit.toNanos()) {
        throw CommandFailure.timeOut(otherwise + " after " + limit.toSeconds() + " s");
      }
      pause();
    }
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.refused("interrupted");
    }
  }
}
