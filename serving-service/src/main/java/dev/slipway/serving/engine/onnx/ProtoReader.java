package dev.slipway.serving.engine.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads protobuf's wire format field by field over a mapped file, and skips what nobody asks for: a model's weights are
 * passed over without being touched.
 *
 * @throws MalformedException when the bytes are not protobuf
 */
final class ProtoReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private final MemorySegment bytes;
  private long position;
  private int field;
  private int wireType;

  /** Not protobuf. */
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  ProtoReader(MemorySegment bytes) {
    this.bytes = bytes;
  }

  /** Goes on to the next field; false at the end. The field must then be read or skipped. */
  boolean next() {
    if (position >= bytes.byteSize()) {
      return false;
    }
    long tag = rawVarint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (field <= 0) {
      throw new MalformedException("field number " + field);
    }
    return true;
  }

  int field() {
    return field;
  }

  boolean isMessage() {
    return wireType == LENGTH;
  }

  long varint() {
    require(VARINT);
    return rawVarint();
  }

  String string() {
    MemorySegment content = content();
    return new String(content.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  ProtoReader message() {
    return new ProtoReader(content());
  }

  /** Reads all that is left as varints, one after the other. */
  void packedVarints(List<Object> into) {
    while (position < bytes.byteSize()) {
      into.add(rawVarint());
    }
  }

  private MemorySegment content() {
    require(LENGTH);
    long length = rawVarint();
    if (length < 0 || length > bytes.byteSize() - position) {
      throw new MalformedException("a field is longer than the file");
    }
    MemorySegment content = bytes.asSlice(position, length);
    position += length;
    return content;
  }

  void skip() {
    switch (wireType) {
      case VARINT -> rawVarint();
      case FIXED64 -> advance(8);
      case LENGTH -> content();
      case FIXED32 -> advance(4);
      default -> throw new MalformedException("wire type " + wireType);
    }
  }

  private void advance(int count) {
    if (count > bytes.byteSize() - position) {
      throw new MalformedException("the file ends inside a field");
    }
    position += count;
  }

  private long rawVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= bytes.byteSize()) {
        throw new MalformedException("the file ends inside a number");
      }
      byte part = bytes.get(ValueLayout.JAVA_BYTE, position++);
      value |= (long) (part & 0x7F) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new MalformedException("a number of more than ten bytes");
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw new MalformedException("field " + field + " has wire type " + wireType);
    }
  }
}
