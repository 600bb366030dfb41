package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;

/**
 * Collects a request body as it arrives, and never more of it than the limit: memory follows what came, not what the headers
 * promise. What comes beyond the limit is thrown away, so that the caller can still read the answer. A body that trickles in is
 * given up, and its connection closed: else a few slow callers would hold memory and connections for ever. An HTTP/2 connection
 * carries other requests too: only the stream is ended there (RFC 9113, 8.1).
 */
final class BodyReader {
  private static final int FIRST = 8 << 10;
  private static final int TRUSTED = 1 << 20;
  /** For the caller to read why. */
  private static final long GRACE_MILLIS = 1_000;
  /** RFC 9113, 7: the stream is no longer needed. */
  private static final long CANCEL = 0x8;

  private final int limit;
  private final Receiver receiver;
  private byte[] bytes;
  private int length;
  private boolean told;
  private boolean ended;
  private Runnable atEnd = () -> {};

  /** Is told once, on the request's event loop. */
  @FunctionalInterface
  interface Receiver {
    /** One of the two is null. */
    void received(Body body, InferenceException failure);
  }

  private BodyReader(HttpHead head, int limit, Receiver receiver) {
    this.receiver = receiver;
    this.limit = limit;
    this.bytes = new byte[Math.min(promised(head), TRUSTED)];
  }

  /** To be called on the request's event loop. */
  static void read(
      HttpServerRequest request, HttpHead head, int limit, Duration patience, Receiver receiver) {
    var reader = new BodyReader(head, limit, receiver);
    if (promised(head) > limit) {
      reader.tooLarge();
    } else if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    request.handler(reader::take);
    request.endHandler(_ -> reader.finish());
    request.exceptionHandler(_ -> reader.fail());
    request.resume();
    // After what is here already was delivered: most bodies need no timer.
    Context context = Vertx.currentContext();
    context.runOnContext(_ -> reader.watch(request, context.owner(), patience));
  }

  private void tell(Body body, InferenceException failure) {
    if (!told) {
      told = true;
      receiver.received(body, failure);
    }
  }

  private void tell(InferenceException failure) {
    tell(null, failure);
  }

  private void watch(HttpServerRequest request, Vertx vertx, Duration patience) {
    if (ended) {
      return;
    }
    long timer = vertx.setTimer(patience.toMillis(), _ -> {
      bytes = null;
      tell(new InferenceException(
          Kind.TOO_SLOW,
          "the body did not arrive within " + patience.toMillis() + " milliseconds"));
      vertx.setTimer(GRACE_MILLIS, _ -> giveUp(request));
    });
    atEnd = () -> vertx.cancelTimer(timer);
  }

  private static void giveUp(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(CANCEL);
    } else {
      request.connection().close();
    }
  }

  private void end() {
    ended = true;
    atEnd.run();
  }

  private static int promised(HttpHead head) {
    if (head.contentLength() == null) {
      return FIRST;
    }
    try {
      return Math.clamp(Long.parseLong(head.contentLength().strip()), 0, Integer.MAX_VALUE);
    } catch (NumberFormatException e) {
      return FIRST;
    }
  }

  private void take(Buffer chunk) {
    if (told) {
      return;
    }
    int more = chunk.length();
    if (more > limit - length) {
      tooLarge();
      return;
    }
    if (more > bytes.length - length) {
      long wanted = Math.max(2L * bytes.length, (long) length + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, limit));
    }
    chunk.getBytes(0, more, bytes, length);
    length += more;
  }

  private void tooLarge() {
    bytes = null;
    tell(new InferenceException(
        Kind.TOO_LARGE, "the body is larger than the " + limit + " bytes that are taken"));
  }

  private void finish() {
    end();
    tell(new Body(bytes, length), null);
  }

  private void fail() {
    end();
    tell(InferenceException.badInput("the connection was lost before the body was complete"));
  }
}
