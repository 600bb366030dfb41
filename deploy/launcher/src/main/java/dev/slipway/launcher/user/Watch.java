package dev.slipway.launcher.user;

import dev.slipway.launcher.CommandFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks again and again, also past moments in which nobody answers: a registry that starts anew ends no wait. */
final class Watch {
  private static final long EVERY_MILLIS = 250;

  private boolean away;

  /**
   * The first answer that is not null.
   *
   * @param otherwise what is still so when the time is up: exit code 4
   */
  static <T> T until(Duration limit, String otherwise, Supplier<T> look) {
    var watch = new Watch();
    long begin = System.nanoTime();
    for (T found = watch.look(look); ; found = watch.look(look)) {
      if (found != null) {
        return found;
      }
      if (System.nanoTime() - begin > limit.toNanos()) {
        throw CommandFailure.timeOut(otherwise + " after " + limit.toSeconds() + " s");
      }
      pause();
    }
  }

  /**
   * One look. Null while nobody answers, which is said once, on standard error.
   *
   * @throws CommandFailure for a refusal, which looking again would not change
   */
  <T> T look(Supplier<T> look) {
    try {
      T seen = look.get();
      away = false;
      return seen;
    } catch (CommandFailure failure) {
      if (!failure.isPassing()) {
        throw failure;
      }
      if (!away) {
        System.err.println(failure.getMessage() + " (trying again)");
      }
      away = true;
      return null;
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
