package dev.slipway.serving.engine.booster;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an XGBoost UBJSON file (Universal Binary JSON, draft 12: big-endian, typed and counted containers) as
 * {@link JsonDocument} reads the JSON form. Nothing is allocated that the rest of the file could not fill.
 */
final class UbjsonDocument {
  private static final int NO_TYPE = 0;
  private static final long UNCOUNTED = -1;

  private final DataInputStream in;
  private long remaining;
  private int depth;
  private int pushedBack = NO_TYPE;

  private UbjsonDocument(DataInputStream in, long size) {
    this.in = in;
    this.remaining = size;
  }

  static Map<String, Object> read(Path file) throws IOException {
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      var document = new UbjsonDocument(in, Files.size(file));
      if (document.marker() != '{') {
        throw new MalformedModelException("it is not a UBJSON object");
      }
      Map<String, Object> fields = document.object();
      if (document.remaining != 0) {
        throw new MalformedModelException("something follows its end");
      }
      return fields;
    } catch (EOFException e) {
      throw new MalformedModelException("it ends in the middle", e);
    }
  }

  private Map<String, Object> object() throws IOException {
    enter();
    Container container = container();
    var fields = new LinkedHashMap<String, Object>();
    for (long i = 0; hasNext(container, i, '}'); i++) {
      String field = text(length(marker()));
      Object value = value(field, container.isTyped() ? container.type() : marker());
      if (!XgboostFields.isSkipped(field)) {
        fields.put(field, value);
      }
    }
    depth--;
    return fields;
  }

  private Object array(String field) throws IOException {
    enter();
    Container container = container();
    Object array = isNumeric(container.type())
        ? numbers(field, container.type(), size(container))
        : values(field, container);
    depth--;
    return array;
  }

  /** A typed, counted array of numbers. */
  private Object numbers(String field, int type, int count) throws IOException {
    if (XgboostFields.isSkipped(field)) {
      skip((long) count * width(type));
      return List.of();
    }
    if (XgboostFields.isFloats(field)) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = (float) number(type);
      }
      return floats;
    }
    if (type == 'd' || type == 'D') {
      skip((long) count * width(type));
      return List.of();
    }
    int[] ints = new int[count];
    for (int i = 0; i < count; i++) {
      ints[i] = toInt(integer(type));
    }
    return ints;
  }

  private Object values(String field, Container container) throws IOException {
    var values = new ArrayList<Object>();
    for (long i = 0; hasNext(container, i, ']'); i++) {
      values.add(value(field, container.isTyped() ? container.type() : marker()));
    }
    if (XgboostFields.isFloats(field)) {
      return floats(values);
    }
    boolean numbers = !values.isEmpty() && values.stream().allMatch(Long.class::isInstance);
    return numbers ? ints(values) : values;
  }

  private static float[] floats(List<Object> values) throws MalformedModelException {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      if (!(values.get(i) instanceof Number number)) {
        throw new MalformedModelException("an array of numbers holds something else");
      }
      floats[i] = number.floatValue();
    }
    return floats;
  }

  private static int[] ints(List<Object> values) throws MalformedModelException {
    int[] ints = new int[values.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = toInt((Long) values.get(i));
    }
    return ints;
  }

  private Object value(String field, int type) throws IOException {
    return switch (type) {
      case '{' -> object();
      case '[' -> array(field);
      case 'S', 'H' -> text(length(marker()));
      case 'C' -> String.valueOf((char) octet());
      case 'T' -> true;
      case 'F' -> false;
      case 'd', 'D' -> (float) number(type);
      case 'i', 'U', 'I', 'l', 'L' -> integer(type);
      default -> throw new MalformedModelException("it has a value of unknown type " + type);
    };
  }

  /** Reads the optional type and count of a container. */
  private Container container() throws IOException {
    int next = marker();
    int type = NO_TYPE;
    if (next == '$') {
      type = marker();
      next = marker();
      if (next != '#') {
        throw new MalformedModelException("a typed container has no count");
      }
    }
    if (next != '#') {
      pushedBack = next;
      return new Container(NO_TYPE, UNCOUNTED);
    }
    long count = integer(marker());
    if (count < 0 || count > remaining) {
      throw new MalformedModelException("a container counts more than the file holds");
    }
    return new Container(type, count);
  }

  private boolean hasNext(Container container, long index, int end) throws IOException {
    if (container.count() != UNCOUNTED) {
      return index < container.count();
    }
    int next = marker();
    if (next == end) {
      return false;
    }
    pushedBack = next;
    return true;
  }

  /** What is known of a container before its first element. */
  private record Container(int type, long count) {
    boolean isTyped() {
      return type != NO_TYPE;
    }
  }

  private int size(Container container) throws MalformedModelException {
    if (container.count() > remaining / width(container.type())) {
      throw new MalformedModelException("an array counts more than the file holds");
    }
    return Math.toIntExact(Math.min(container.count(), Integer.MAX_VALUE - 8));
  }

  private int length(int type) throws IOException {
    long length = integer(type);
    if (length < 0 || length > remaining || length > Integer.MAX_VALUE - 8) {
      throw new MalformedModelException("a text is longer than the file");
    }
    return (int) length;
  }

  private String text(int length) throws IOException {
    byte[] bytes = new byte[length];
    take(length);
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private double number(int type) throws IOException {
    return switch (type) {
      case 'd' -> {
        take(4);
        yield in.readFloat();
      }
      case 'D' -> {
        take(8);
        yield in.readDouble();
      }
      default -> integer(type);
    };
  }

  private long integer(int type) throws IOException {
    int width = width(type);
    take(width);
    return switch (type) {
      case 'i' -> in.readByte();
      case 'U' -> in.readUnsignedByte();
      case 'I' -> in.readShort();
      case 'l' -> in.readInt();
      case 'L' -> in.readLong();
      default -> throw new MalformedModelException("it has a number of unknown type " + type);
    };
  }

  private static boolean isNumeric(int type) {
    return type != NO_TYPE && "iUIlLdD".indexOf(type) >= 0;
  }

  private static int width(int type) {
    return switch (type) {
      case 'i', 'U' -> 1;
      case 'I' -> 2;
      case 'l', 'd' -> 4;
      case 'L', 'D' -> 8;
      default -> 0;
    };
  }

  private static int toInt(long value) throws MalformedModelException {
    if (value != (int) value) {
      throw new MalformedModelException("a number does not fit 32 bits");
    }
    return (int) value;
  }

  private int marker() throws IOException {
    int marker = pushedBack == NO_TYPE ? octet() : pushedBack;
    pushedBack = NO_TYPE;
    while (marker == 'N') {
      marker = octet();
    }
    return marker;
  }

  private int octet() throws IOException {
    take(1);
    return in.readUnsignedByte();
  }

  private void skip(long bytes) throws IOException {
    take(bytes);
    in.skipNBytes(bytes);
  }

  private void take(long bytes) throws EOFException {
    if (bytes > remaining) {
      throw new EOFException();
    }
    remaining -= bytes;
  }

  private void enter() throws MalformedModelException {
    if (++depth > XgboostFields.MAX_DEPTH) {
      throw new MalformedModelException("it is nested too deeply");
    }
  }
}
