package dev.slipway.registry.problem;

import io.vertx.core.http.HttpClosedException;
import java.nio.channels.ClosedChannelException;

/** Tells a caller who went away in the middle of a request from a failure of ours: nobody reads the answer, and nobody is to be woken. */
public final class CallerGone {
  private CallerGone() {}

  /** Whether that is what lies behind {@code failure}. */
  public static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpClosedException || cause instanceof ClosedChannelException) {
        return true;
      }
    }
    return false;
  }
}
