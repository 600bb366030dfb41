package dev.slipway.serving.engine;

/**
 * When a run must end.
 *
 * @param deadlineNanos on {@link System#nanoTime}'s scale; {@link Long#MAX_VALUE} for none
 */
public record RunControl(long deadlineNanos) {
  public static final RunControl UNLIMITED = new RunControl(Long.MAX_VALUE);

  /**
   * For a runtime that cannot be stopped: what is late is not begun, or thrown away.
   *
   * @throws PredictException DEADLINE when the run must have ended by now
   */
  public void requireTime() throws PredictException {
    if (deadlineNanos != Long.MAX_VALUE && System.nanoTime() - deadlineNanos > 0) {
      throw new PredictException(
          PredictException.Kind.DEADLINE, "the deadline passed before the model had answered");
    }
  }
}
