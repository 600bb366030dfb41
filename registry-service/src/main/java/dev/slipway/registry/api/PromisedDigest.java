package dev.slipway.registry.api;

import dev.slipway.common.artifact.Digest;
import dev.slipway.registry.problem.RegistryException.Invalid;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client says that the body's SHA-256 will be: {@code Repr-Digest: sha-256=:<base64>:} (RFC 9530, section 3; other algorithms
 * are ignored, as it asks) or {@code X-Content-Sha256: <64 hex digits>}, with or without {@code sha256:}.
 */
final class PromisedDigest {
  private static final Pattern SHA_256 = Pattern.compile("(?:^|,)\\s*sha-256\\s*=([^,;]*)");
  private static final int LENGTH = 32;

  private PromisedDigest() {}

  /**
   * @param reprDigest the header's value; null when it was not sent
   * @param hex the other header's value; null when it was not sent
   * @return null when nothing is promised
   * @throws Invalid when a header is malformed, or they differ
   */
  static Digest of(String reprDigest, String hex) {
    Digest standard = reprDigest == null ? null : ofReprDigest(reprDigest);
    Digest plain = hex == null ? null : ofHex(hex);
    if (standard != null && plain != null && !standard.equals(plain)) {
      throw new Invalid("Repr-Digest and X-Content-Sha256 promise different bodies");
    }
    return standard == null ? plain : standard;
  }

  /** The header for a body of this digest. */
  static String reprDigest(Digest digest) {
    byte[] hash = HexFormat.of().parseHex(digest.hex());
    return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
  }

  private static Digest ofReprDigest(String value) {
    Matcher entry = SHA_256.matcher(value);
    if (!entry.find()) {
      return null;
    }
    String item = entry.group(1).strip();
    if (item.length() > 2 && item.startsWith(":") && item.endsWith(":")) {
      try {
        byte[] hash = Base64.getDecoder().decode(item.substring(1, item.length() - 1));
        if (hash.length == LENGTH) {
          return Digest.ofHash(hash);
        }
      } catch (IllegalArgumentException notBase64) {
        // Answered below, like a hash of another length.
      }
    }
    throw new Invalid("Repr-Digest is written sha-256=:<base64 of 32 bytes>:, not '" + value + "'");
  }

  private static Digest ofHex(String value) {
    return new Digest(value.startsWith("sha256:") ? value : "sha256:" + value);
  }
}
