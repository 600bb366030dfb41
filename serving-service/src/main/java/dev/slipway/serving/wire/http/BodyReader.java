package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.RequestMemory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;

/**
 * Collects a request body as it arrives, and never more of it than the limit: memory follows what came, and of what the headers
 * promise only so many times that. What comes beyond the limit is thrown away, so that the caller can still read the answer. A body that trickles in is
 * given up, and its connection closed: else a few slow callers would hold memory and connections for ever. An HTTP/2 connection
 * carries other requests too: only the stream is ended there (RFC 9113, 8.1).
 */
final class BodyReader {
  private static final int FIRST = 2 << 10;
  /** How much more than what came is taken for a promise: a body of megabytes is copied once or twice then, not at each doubling. */
  private static final int TRUST = 16;

  private static final int UNKNOWN = Integer.MAX_VALUE;
  private static final byte[] NOTHING = {};
  /** For the caller to read why. */
  private static final long GRACE_MILLIS = 1_000;
  /** RFC 9113, 7: the stream is no longer needed. */
  private static final long CANCEL = 0x8;

  private final int limit;
  private final int promised;
  private final RequestMemory.Share share;
  private final Receiver receiver;
  private byte[] bytes = NOTHING;
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

  private BodyReader(HttpHead head, int limit, RequestMemory.Share share, Receiver receiver) {
    this.receiver = receiver;
    this.limit = limit;
    this.share = share;
    this.promised = promised(head);
  }

  /**
   * To be called on the request's event loop.
   *
   * @param share pays for the bytes; it is the body's when one is received, and given back when none is
   */
  static void read(
      HttpServerRequest request,
      HttpHead head,
      int limit,
      Duration patience,
      RequestMemory.Share share,
      Receiver receiver) {
    var reader = new BodyReader(head, limit, share, receiver);
    if (reader.promised != UNKNOWN && reader.promised > limit) {
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

  /** What came is thrown away. */
  private void tell(InferenceException failure) {
    if (!told) {
      bytes = NOTHING;
      share.close();
      tell(null, failure);
    }
  }

  private void watch(HttpServerRequest request, Vertx vertx, Duration patience) {
    if (ended) {
      return;
    }
    long timer = vertx.setTimer(patience.toMillis(), _ -> {
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
      return UNKNOWN;
    }
    try {
      return Math.clamp(Long.parseLong(head.contentLength().strip()), 0, UNKNOWN - 1);
    } catch (NumberFormatException e) {
      return UNKNOWN;
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
    if (more > bytes.length - length && !makeRoom(length + more)) {
      return;
    }
    chunk.getBytes(0, more, bytes, length);
    length += more;
  }

  /** For a moment both arrays are there, and paid for. False, and the request refused, where there is no room. */
  private boolean makeRoom(int needed) {
    int size = room(needed, promised, limit);
    if (!share.grow(size)) {
      tell(share.refusal(size));
      return false;
    }
    int before = bytes.length;
    bytes = Arrays.copyOf(bytes, size);
    if (before > 0) {
      share.shrink(before);
    }
    return true;
  }

  /**
   * How large the next array is: twice what came without a promise; with one a larger multiple, or all that was promised where
   * that is about as much.
   *
   * @param needed what came
   * @param promised {@link #UNKNOWN} for no promise
   */
  static int room(int needed, int promised, int limit) {
    if (promised == UNKNOWN) {
      return Math.clamp(Math.max(2L * needed, FIRST), needed, Math.max(needed, limit));
    }
    int most = Math.max(needed, Math.min(limit, promised));
    long wanted = Math.max((long) TRUST * needed, FIRST);
    return wanted > most / 2 ? most : (int) wanted;
  }

  private void tooLarge() {
    tell(new InferenceException(
        Kind.TOO_LARGE, "the body is larger than the " + limit + " bytes that are taken"));
  }

  private void finish() {
    end();
    tell(new Body(bytes, length, share), null);
  }

  private void fail() {
    end();
    tell(InferenceException.badInput("the connection was lost before the body was complete"));
  }
}
