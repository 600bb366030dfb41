package dev.slipway.common.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest, written {@code sha256:} and 64 lower-case hex digits (OCI image spec, Descriptors, Digests).
 *
 * @throws IllegalArgumentException when the text is not of that form
 */
public record Digest(@JsonValue String value) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  @JsonCreator
  public Digest {
    if (value == null || !FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a digest is written sha256:<64 lower-case hex digits>, not '" + value + "'");
    }
  }

  /** The digest of {@code hash}, 32 bytes as {@link MessageDigest#digest()} gives them. */
  public static Digest ofHash(byte[] hash) {
    return new Digest(PREFIX + HexFormat.of().formatHex(hash));
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] content) {
    return ofHash(sha256().digest(content));
  }

  /** A fresh SHA-256 computation. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }

  /** The 64 hex digits, fit for a file name. */
  public String hex() {
    return value.substring(PREFIX.length());
  }

  /** The first 12 hex digits, for people. */
  public String shortHex() {
    return hex().substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
