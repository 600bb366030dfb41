package dev.slipway.serving.engine;

/**
 * When a run must end.
 *
 * @param deadlineNanos on {@link System#nanoTime}'s scale; {@link Long#MAX_VALUE} for none
 */
public record RunControl(long deadlineNanos) {
  public static final RunControl UNLIMITED = new RunControl(Long.MAX_VALUE);
}
