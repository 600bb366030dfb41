package dev.slipway.serving.wire;

import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.predict.Echo;
import dev.slipway.serving.predict.InferenceException;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Logs predictions that failed for another reason than their caller's. Request, model and version are fields of the line
 * ({@code mdc} where logs are JSON), so that a caller's request id finds it.
 */
public final class FailureLog {
  static final String REQUEST_ID = "request_id";
  static final String MODEL = "model";
  static final String VERSION = "version";

  private static final Logger LOG = Logger.getLogger(FailureLog.class);

  private FailureLog() {}

  /**
   * @param requestId null for none
   * @param asked the name that the caller gave the model
   * @param reached the version that was asked; null when none was found
   */
  public static void error(
      String requestId, String asked, ServableHandle reached, Throwable failure) {
    try {
      put(REQUEST_ID, requestId);
      put(MODEL, reached == null ? Echo.of(asked) : reached.model());
      if (reached == null) {
        LOG.errorf(failure, "request %s failed before it reached a version", requestId);
        return;
      }
      put(VERSION, Integer.toString(reached.version()));
      LOG.errorf(
          failure,
          "request %s failed at model %s version %d",
          requestId,
          reached.model(),
          reached.version());
    } finally {
      MDC.remove(REQUEST_ID);
      MDC.remove(MODEL);
      MDC.remove(VERSION);
    }
  }

  /** The same of what a caller is told, where it has another cause than the request. */
  public static void causeOf(
      InferenceException error, String requestId, String asked, ServableHandle reached) {
    if (error.getCause() != null) {
      error(requestId, asked, reached, error.getCause());
    }
  }

  private static void put(String field, String value) {
    if (value != null) {
      MDC.put(field, value);
    }
  }
}
