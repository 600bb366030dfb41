package dev.slipway.common.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.common.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * How entries hang together. An entry is a JSON object with {@code sequence} (without gaps), {@code at}, {@code actor}, {@code
 * action}, {@code object}, where there are any {@code digest}, {@code before}, {@code after} and {@code request_id}, {@code
 * previous} (the hash of the entry before) and {@code hash}: the SHA-256 of the object without {@code hash}, in canonical form (RFC
 * 8785).
 */
public final class AuditChain {
  /** What the first entry has for {@code previous}. */
  public static final Digest GENESIS = new Digest("sha256:" + "0".repeat(64));

  private AuditChain() {}

  /** The hash of an entry; a field {@code hash} that it has already does not count. */
  public static Digest hash(ObjectNode entry) {
    ObjectNode hashed = entry.deepCopy();
    hashed.remove("hash");
    return Digest.of(canonical(hashed));
  }

  /** The bytes of a JSON value in the canonical form of RFC 8785, UTF-8. */
  static byte[] canonical(JsonNode value) {
    try {
      return new JsonCanonicalizer(value.toString()).getEncodedUTF8();
    } catch (IOException e) {
      throw new UncheckedIOException("not canonical JSON", e);
    }
  }
}
