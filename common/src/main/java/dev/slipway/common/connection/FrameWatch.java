package dev.slipway.common.connection;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of an HTTP/2 connection (RFC 9113, sections 3.4, 4.1 and 4.3), only as far as to know what is incomplete
 * between two reads.
 */
final class FrameWatch {
  private static final int PREFACE = 24;
  private static final int HEADER = 9;
  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int CONTINUATION = 0x9;
  private static final int END_HEADERS = 0x4;
  private static final int TYPE_AT = 3;
  private static final int FLAGS_AT = 4;

  private int preface = PREFACE;
  private int header;
  private int length;
  private int type;
  private int flags;
  private int payload;
  private boolean block;
  private long complete;

  /** What a connection waits for. */
  enum Open {
    /** The next frame, whenever it comes. */
    NOTHING,
    /** The rest of the preface, of a header block or of a frame that has no data. */
    HEAD,
    /** The rest of a frame with a piece of a body. */
    BODY
  }

  /** Takes note of the bytes that are readable, and leaves them so. */
  void read(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    int skipped = Math.min(preface, end - at);
    preface -= skipped;
    at += skipped;
    while (at < end) {
      if (header < HEADER) {
        headerByte(bytes.getUnsignedByte(at++));
      }
      int eaten = Math.min(payload, end - at);
      payload -= eaten;
      at += eaten;
      if (header == HEADER && payload == 0) {
        frameEnds();
      }
    }
  }

  private void headerByte(int value) {
    if (header < TYPE_AT) {
      length = (length << Byte.SIZE) | value;
    } else if (header == TYPE_AT) {
      type = value;
    } else if (header == FLAGS_AT) {
      flags = value;
    }
    if (++header == HEADER) {
      payload = length;
    }
  }

  private void frameEnds() {
    if (type == HEADERS || type == CONTINUATION) {
      block = (flags & END_HEADERS) == 0;
    }
    if (!block) {
      complete++;
    }
    header = 0;
    length = 0;
  }

  /** How many frames, header blocks for one, came whole until now. */
  long complete() {
    return complete;
  }

  Open open() {
    if (preface > 0 || block || (header > 0 && (header < HEADER || type != DATA))) {
      return Open.HEAD;
    }
    return header == HEADER ? Open.BODY : Open.NOTHING;
  }
}
