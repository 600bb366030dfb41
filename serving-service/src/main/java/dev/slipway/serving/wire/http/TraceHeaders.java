package dev.slipway.serving.wire.http;

import dev.slipway.serving.fleet.ServableHandle;
import dev.slipway.serving.fleet.Servables;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.function.BiConsumer;

/** The headers by which an answer can be traced to the version that gave it. */
@Singleton
public class TraceHeaders {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(HttpHead.REQUEST_ID);
  private static final CharSequence MODEL = HttpHeaders.createOptimized("X-Slipway-Model");
  private static final CharSequence VERSION = HttpHeaders.createOptimized("X-Slipway-Version");
  private static final CharSequence DIGEST = HttpHeaders.createOptimized("X-Slipway-Digest");
  private static final CharSequence STALE_SINCE =
      HttpHeaders.createOptimized("X-Slipway-Stale-Since");

  private final Servables servables;
  private final Clock clock;

  TraceHeaders(Servables servables, Clock clock) {
    this.servables = servables;
    this.clock = clock;
  }

  /**
   * Adds them to an answer.
   *
   * @param headers takes a name and a value
   * @param handle the version that was asked; null when there was none
   */
  public void put(BiConsumer<CharSequence, String> headers, HttpHead head, ServableHandle handle) {
    headers.accept(REQUEST_ID, head.requestId());
    if (handle != null) {
      headers.accept(MODEL, ascii(handle.model()));
      headers.accept(VERSION, Integer.toString(handle.version()));
      headers.accept(DIGEST, handle.digest().value());
    }
    long stale = servables.staleSeconds();
    if (stale >= 0) {
      headers.accept(STALE_SINCE, clock.instant().minusSeconds(stale).toString());
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
