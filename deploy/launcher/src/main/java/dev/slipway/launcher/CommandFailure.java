package dev.slipway.launcher;

/** A command that could not do what was asked: one message for a person, one exit code for a program. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;
  private final boolean passing;

  private CommandFailure(int exitCode, boolean passing, String message) {
    super(message);
    this.exitCode = exitCode;
    this.passing = passing;
  }

  /** It was understood, and did not work: exit code 1. */
  public static CommandFailure refused(String message) {
    return new CommandFailure(1, false, message);
  }

  /** The service was not reached, or could not answer just then: exit code 1, and {@link #isPassing}. */
  public static CommandFailure away(String message) {
    return new CommandFailure(1, true, message);
  }

  /** No answer came in time: exit code 4, and {@link #isPassing}. */
  public static CommandFailure noAnswer(String message) {
    return new CommandFailure(4, true, message);
  }

  /** It makes no sense as it was typed: exit code 2. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(2, false, message);
  }

  /** Something else is in the way: exit code 3. */
  public static CommandFailure conflict(String message) {
    return new CommandFailure(3, false, message);
  }

  /** It took too long: exit code 4. */
  public static CommandFailure timeOut(String message) {
    return new CommandFailure(4, false, message);
  }

  /** Whether the same call may well be answered a moment later. */
  public boolean isPassing() {
    return passing;
  }

  public int exitCode() {
    return exitCode;
  }
}
