package dev.slipway.serving.wire.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.wire.json.JsonTensors;
import java.io.IOException;
import java.util.Map;

/** A body with its type and the headers that belong to it. */
public final class Payload {
  public static final String JSON = "application/json";

  private final String contentType;
  private final byte[] body;
  private final Map<String, String> headers;

  public Payload(String contentType, byte[] body, Map<String, String> headers) {
    this.contentType = contentType;
    this.body = body;
    this.headers = Map.copyOf(headers);
  }

  public String contentType() {
    return contentType;
  }

  public byte[] body() {
    return body;
  }

  public Map<String, String> headers() {
    return headers;
  }

  public static Payload json(byte[] body) {
    return new Payload(JSON, body, Map.of());
  }

  /** An object with fields of plain text and numbers only, which cannot fail. */
  public static Payload object(String contentType, Fields fields) {
    try {
      byte[] body = JsonTensors.document((out, _) -> {
        out.writeStartObject();
        fields.write(out);
        out.writeEndObject();
      });
      return new Payload(contentType, body, Map.of());
    } catch (InferenceException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An object with one field, a list of names. */
  public static Payload names(String field, Iterable<String> names) {
    return object(JSON, out -> {
      out.writeArrayFieldStart(field);
      for (String name : names) {
        out.writeString(name);
      }
      out.writeEndArray();
    });
  }

  /** An array of plain text and numbers only, which cannot fail. */
  public static byte[] array(Fields elements) {
    try {
      return JsonTensors.document((out, _) -> {
        out.writeStartArray();
        elements.write(out);
        out.writeEndArray();
      });
    } catch (InferenceException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the fields of an object, or the elements of an array. */
  @FunctionalInterface
  public interface Fields {
    void write(JsonGenerator out) throws IOException;
  }
}
