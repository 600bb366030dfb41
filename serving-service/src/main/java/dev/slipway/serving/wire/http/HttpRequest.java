package dev.slipway.serving.wire.http;

import dev.slipway.common.tensor.ModelSignature;
import java.nio.ByteBuffer;

/** A whole request, for a model that is there to answer it. {@code body} runs from 0 to {@code length}. */
public record HttpRequest(HttpHead head, ModelSignature signature, byte[] body, int length) {
  /** The bytes from {@code offset} on. */
  public ByteBuffer tail(int offset) {
    return ByteBuffer.wrap(body, offset, length - offset).slice();
  }
}
