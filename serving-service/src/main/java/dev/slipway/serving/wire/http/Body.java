package dev.slipway.serving.wire.http;

/** A request body: the array from 0 to the length. Not copied; nobody writes to it. */
final class Body {
  private final byte[] array;
  private final int length;

  Body(byte[] array, int length) {
    this.array = array;
    this.length = length;
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }
}
