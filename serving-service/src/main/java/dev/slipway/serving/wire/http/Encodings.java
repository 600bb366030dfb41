package dev.slipway.serving.wire.http;

import dev.slipway.serving.predict.InferenceException;
import dev.slipway.serving.predict.InferenceException.Kind;
import dev.slipway.serving.wire.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;

/** Content codings: gzip and deflate on the way in, gzip on the way out. */
final class Encodings {
  /** Below one network packet there is nothing to save. */
  private static final int WORTH_IT = 1400;

  private Encodings() {}

  static boolean isPlain(HttpHead head) {
    return head.contentEncoding() == null
        || head.contentEncoding().strip().equalsIgnoreCase("identity");
  }

  /**
   * Unpacks a body, to the limit and not a byte further.
   *
   * @throws InferenceException TOO_LARGE beyond it, NO_MEMORY without room, UNSUPPORTED for another coding, BAD_INPUT when it is not what it says
   */
  static Body unpack(HttpHead head, Body body, int limit) throws InferenceException {
    if (isPlain(head)) {
      return body;
    }
    String coding = head.contentEncoding().strip().toLowerCase(Locale.ROOT);
    try (InputStream in = open(coding, new ByteArrayInputStream(body.array(), 0, body.length()))) {
      return body.unpacked(Bytes.unpacked(in, limit, body.share()));
    } catch (IOException e) {
      throw InferenceException.badInput("the body is not " + coding + ", as Content-Encoding says");
    }
  }

  private static InputStream open(String coding, InputStream in)
      throws IOException, InferenceException {
    return switch (coding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(in);
      case "deflate" -> new InflaterInputStream(in);
      default ->
        throw new InferenceException(
            Kind.UNSUPPORTED,
            "Content-Encoding: expected gzip, deflate or identity, got '" + coding + "'");
    };
  }

  /** The body as the caller takes it: packed where that was asked for and saves anything. */
  static Payload pack(HttpHead head, Payload payload) {
    if (!acceptsGzip(head, payload.body().length)) {
      return payload;
    }
    Map<String, String> headers = new HashMap<>(payload.headers());
    headers.put("Content-Encoding", "gzip");
    headers.put("Vary", "Accept-Encoding");
    return new Payload(payload.contentType(), gzip(payload.body()), headers);
  }

  private static boolean acceptsGzip(HttpHead head, int size) {
    return size >= WORTH_IT
        && head.acceptEncoding() != null
        && Accept.takesGzip(head.acceptEncoding());
  }

  private static byte[] gzip(byte[] body) {
    var bytes = new ByteArrayOutputStream(body.length / 2);
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory could not be packed", e);
    }
    return bytes.toByteArray();
  }
}
