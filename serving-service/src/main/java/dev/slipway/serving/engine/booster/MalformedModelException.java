package dev.slipway.serving.engine.booster;

import java.io.IOException;

/** The file is not what its head says. The message is fit for a reviewer and completes "the file is broken: …". */
final class MalformedModelException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedModelException(String message) {
    super(message);
  }

  MalformedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
