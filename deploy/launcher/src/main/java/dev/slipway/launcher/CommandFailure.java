package dev.slipway.launcher;

/** A command that could not do what was asked: one message for a person, one exit code for a program. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** It was understood, and did not work: exit code 1. */
  public static CommandFailure refused(String message) {
    return new CommandFailure(1, message);
  }

  /** It makes no sense as it was typed: exit code 2. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(2, message);
  }

  /** Something else is in the way: exit code 3. */
  public static CommandFailure conflict(String message) {
    return new CommandFailure(3, message);
  }

  /** It took too long: exit code 4. */
  public static CommandFailure timeOut(String message) {
    return new CommandFailure(4, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
