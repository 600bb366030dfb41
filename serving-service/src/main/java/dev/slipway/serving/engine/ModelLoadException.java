package dev.slipway.serving.engine;

/** The files cannot be served. The message is for a reviewer: what is wrong and what to do, no path of this machine. */
public class ModelLoadException extends Exception {
  private static final long serialVersionUID = 1L;

  public ModelLoadException(String message) {
    super(message);
  }

  public ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
