package dev.slipway.serving.wire.http;

import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;

/** The headers by which an answer can be traced to the version that gave it. */
@Singleton
public class TraceHeaders {
  public static final String MODEL = "X-Slipway-Model";
  public static final String VERSION = "X-Slipway-Version";
  public static final String DIGEST = "X-Slipway-Digest";
  public static final String STALE_SINCE = "X-Slipway-Stale-Since";

  private final Servables servables;
  private final Clock clock;

  TraceHeaders(Servables servables, Clock clock) {
    this.servables = servables;
    this.clock = clock;
  }

  /**
   * Adds them to an answer.
   *
   * @param handle the version that was asked; null when there was none
   */
  public void put(ResponseBuilder response, HttpHead head, ServableHandle handle) {
    response.header(HttpHead.REQUEST_ID, head.requestId());
    if (handle != null) {
      response.header(MODEL, ascii(handle.model()));
      response.header(VERSION, handle.version());
      response.header(DIGEST, handle.digest().value());
    }
    long stale = servables.staleSeconds();
    if (stale >= 0) {
      response.header(STALE_SINCE, clock.instant().minusSeconds(stale).toString());
    }
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '%') {
        return false;
      }
    }
    return true;
  }

  /** A model's name as a header may carry it: percent-encoded UTF-8 where it is not visible ASCII. */
  static String ascii(String name) {
    if (isPlain(name)) {
      return name;
    }
    var encoded = new StringBuilder();
    HexFormat hex = HexFormat.of().withUpperCase();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7F && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(hex.toHexDigits(b));
      }
    }
    return encoded.toString();
  }
}
