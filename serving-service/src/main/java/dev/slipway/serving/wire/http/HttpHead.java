package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The headers that matter, as they came.
 *
 * @param requestId the caller's X-Request-Id if it is one (1 to 128 visible ASCII characters), else a new one
 * @param accept null when the caller takes anything
 * @param binaryHeaderLength Triton's Inference-Header-Content-Length; null when the body is all JSON
 * @param timeout X-Slipway-Timeout-Ms; null for none
 */
public record HttpHead(
    String requestId,
    String contentType,
    String contentEncoding,
    String accept,
    String acceptEncoding,
    String contentLength,
    String binaryHeaderLength,
    String timeout) {
  /** How long a caller will wait, in milliseconds. */
  public static final String TIMEOUT = "X-Slipway-Timeout-Ms";

  public static final String REQUEST_ID = "X-Request-Id";

  /** Triton's binary tensor extension: bytes of JSON before the tensors. */
  public static final String BINARY_HEADER_LENGTH = "Inference-Header-Content-Length";

  private static final int MAX_REQUEST_ID = 128;

  /** The head of a request. */
  public static HttpHead of(HttpServerRequest request) {
    return new HttpHead(
        requestId(request.getHeader(REQUEST_ID)),
        request.getHeader("Content-Type"),
        request.getHeader("Content-Encoding"),
        accept(request),
        request.getHeader("Accept-Encoding"),
        request.getHeader("Content-Length"),
        request.getHeader(BINARY_HEADER_LENGTH),
        request.getHeader(TIMEOUT));
  }

  /** A header that stands twice is one list (RFC 9110, section 5.3). */
  private static String accept(HttpServerRequest request) {
    List<String> given = request.headers().getAll("Accept");
    return given.isEmpty() ? null : String.join(",", given);
  }

  private static String requestId(String given) {
    boolean usable = given != null
        && !given.isEmpty()
        && given.length() <= MAX_REQUEST_ID
        && given.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (usable) {
      return given;
    }
    var random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** Whether the body is said to be of this media type. */
  public boolean isOfType(String mediaType) {
    return mediaType.equals(mediaType());
  }

  /** The content type without its parameters, in lower case; null where there is none. */
  public String mediaType() {
    return contentType == null
        ? null
        : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The caller's time-out in microseconds; 0 for none. */
  public long timeoutMicros() throws InferenceException {
    return timeoutMicros(timeout);
  }

  /** A value of {@link #TIMEOUT} in microseconds; 0 for null. */
  public static long timeoutMicros(String timeout) throws InferenceException {
    if (timeout == null) {
      return 0;
    }
    try {
      long millis = Long.parseLong(timeout.strip());
      if (millis > 0) {
        return Math.multiplyExact(millis, 1_000L);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw InferenceException.badInput(
          TIMEOUT + ": expected a number of milliseconds, got '" + timeout + "'");
    }
    throw InferenceException.badInput(
        TIMEOUT + ": expected a number of milliseconds above 0, got " + timeout);
  }
}
