package dev.slipway.serving.wire.http;

import dev.slipway.serving.wire.Bytes;
import dev.slipway.serving.wire.RequestMemory;

/** A request body: the array from 0 to the length. Not copied; nobody writes to it. Closing it gives its share of the memory back. */
final class Body implements AutoCloseable {
  private final byte[] array;
  private final int length;
  private final RequestMemory.Share share;

  Body(byte[] array, int length, RequestMemory.Share share) {
    this.array = array;
    this.length = length;
    this.share = share;
  }

  /** The same request's body after it was unpacked: both are given back together. */
  Body unpacked(Bytes bytes) {
    return new Body(bytes.array(), bytes.length(), share);
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  RequestMemory.Share share() {
    return share;
  }

  @Override
  public void close() {
    share.close();
  }
}
